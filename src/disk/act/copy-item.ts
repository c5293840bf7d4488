import { type Entry, type FileCalls, isAbsence, type OpenFile, type Stat } from '../calls/file-calls.ts';
import { isUntouched, toMicroseconds } from '../observe.ts';
import { setModeIfKept } from './set-mode.ts';
import { readOriginIfKept, setOriginIfKept } from '../origin-note.ts';

const blockBytes = 1024 * 1024;

/**
 * Copies a file or link with time and bits (never setuid or the like), durably. 'changed': it is not what it was; nothing
 * is left behind then. Sockets, pipes and devices have no content: an empty file stands for them.
 */
export async function copyItem(calls: FileCalls, from: Entry, to: Entry, expected: Stat): Promise<Stat | 'changed'> {
  const mtimeUs = toMicroseconds(expected.mtimeNs);
  if (expected.kind === 'link') {
    calls.makeLink(calls.readLink(from), to);
    calls.setLinkTime(to, mtimeUs);
    return calls.lstat(to) ?? 'changed';
  }
  const target = calls.openFile(to, 'create');
  try {
    if (expected.kind === 'file' && (await copyContent(calls, from, target, expected)) === 'changed') {
      calls.unlink(to);
      return 'changed';
    }
    setModeIfKept(calls, target, expected.mode & 0o777);
    if (expected.kind === 'file' && readOriginIfKept(calls, from) === true) setOriginIfKept(calls, to, true);
    calls.setFileTime(target, mtimeUs);
    await calls.syncFile(target);
    return calls.statFile(target);
  } catch (error) {
    calls.unlink(to);
    throw error;
  } finally {
    calls.closeFile(target);
  }
}

async function copyContent(calls: FileCalls, from: Entry, target: OpenFile, expected: Stat): Promise<'copied' | 'changed'> {
  let file: OpenFile;
  try {
    file = calls.openFile(from, 'read');
  } catch (error) {
    if (isAbsence(error)) return 'changed';
    throw error;
  }
  try {
    const buffer = new Uint8Array(Math.min(blockBytes, Math.max(expected.sizeBytes, 1)));
    let copied = 0;
    // One that grows meanwhile is 'changed': it is not followed to an end that may never come.
    for (let count = -1; count !== 0 && copied <= expected.sizeBytes; copied += count) {
      count = await calls.readFile(file, buffer);
      await calls.writeFile(target, buffer.subarray(0, count), copied);
    }
    return copied === expected.sizeBytes && isUntouched(expected, calls.statFile(file)) ? 'copied' : 'changed';
  } finally {
    calls.closeFile(file);
  }
}
