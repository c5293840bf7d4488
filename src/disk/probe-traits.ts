import { toHex } from '../base/bytes.ts';
import { Failure } from '../base/failure.ts';
import type { DiskTraits } from '../model/disk-traits.ts';
import { limits } from '../model/limits.ts';
import type { DiskParts } from './disk-parts.ts';
import { callCode, type Entry, type FileCalls, type Folder } from './calls/file-calls.ts';
import { observe } from './observe.ts';
import { setModeIfKept } from './act/set-mode.ts';
import { readOriginIfKept, setOriginIfKept } from './origin-note.ts';
import { withStagingFolder } from './act/staging.ts';

/** Codes by which a file system says that it does not hold a name, or no links. */
const refusals = ['EINVAL', 'EILSEQ', 'ENOENT', 'EPERM', 'EACCES', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EIO', 'ENAMETOOLONG', 'ENOTDIR'];
/** Whatever is finer is taken for the next coarser one. */
const ticksUs = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 2_000_000];
/** A refusal counts when it was given this often. */
const triesMax = 3;
/** A name that every file system in use can hold. */
const nameLeastBytes = 32;
/** Not on the second, and just after an odd one: cut off or rounded, to ten milliseconds or two seconds, one of them shows it. */
const timesUs = [1_700_000_001_999_999, 1_700_000_001_000_001];

/** Tries it out in the staging folder, with files of a moment. Throws where nothing can be written there. */
export async function probeTraits(parts: DiskParts): Promise<DiskTraits> {
  const { calls } = parts;
  return withStagingFolder(parts, (folder) => {
    const tag = toHex(parts.random.bytes(8));
    const meta = withProbe(calls, { folder, name: `Case-${tag}` }, () => ({
      foldsCase: calls.lstat({ folder, name: `cASE-${tag}` }) !== undefined,
      ...probeMeta(calls, { folder, name: `Case-${tag}` }),
      keepsOrigin: probeOrigin(calls, { folder, name: `Case-${tag}` }),
    }));
    return {
      ...meta,
      unicode: probeUnicode(calls, folder, tag),
      names: probeNames(calls, folder, tag),
      nameMaxBytes: probeLength(calls, folder),
      keepsLinks: probeLinks(calls, { folder, name: `link-${tag}` }),
    };
  });
}

function withProbe<Result>(calls: FileCalls, probe: Entry, ask: () => Result): Result {
  calls.closeFile(calls.openFile(probe, 'create'));
  try {
    return ask();
  } finally {
    calls.unlink(probe);
  }
}

function probeMeta(calls: FileCalls, probe: Entry): Pick<DiskTraits, 'keepsExecutable' | 'mtimeTickUs'> {
  const file = calls.openFile(probe, 'read');
  try {
    const bits = [0o700, 0o600].map((mode) => {
      setModeIfKept(calls, file, mode);
      return observe(calls.statFile(file), '').executable;
    });
    const errors = timesUs.map((timeUs) => {
      calls.setFileTime(file, timeUs);
      return Math.abs(observe(calls.statFile(file), '').mtimeUs - timeUs);
    });
    const worst = Math.max(...errors);
    const mtimeTickUs = ticksUs.find((tick) => tick > worst) ?? worst + 1;
    return { keepsExecutable: bits[0] === true && bits[1] === false, mtimeTickUs };
  } finally {
    calls.closeFile(file);
  }
}

function probeOrigin(calls: FileCalls, probe: Entry): boolean {
  return [true, false].every((fromOutside) => {
    setOriginIfKept(calls, probe, fromOutside);
    return readOriginIfKept(calls, probe) === fromOutside;
  });
}

function probeUnicode(calls: FileCalls, folder: Folder, tag: string): DiskTraits['unicode'] {
  const name = `\u00e9-${tag}`;
  // Old drivers for FAT take no such name at all: none is ever brought into another form there.
  if (!isTaken(() => withProbe(calls, { folder, name }, () => true))) return 'kept';
  return withProbe(calls, { folder, name }, () => {
    if (!calls.readNames(folder).some((each) => each === name)) return 'converted';
    return calls.lstat({ folder, name: `e\u0301-${tag}` }) === undefined ? 'kept' : 'folded';
  });
}

function probeNames(calls: FileCalls, folder: Folder, tag: string): DiskTraits['names'] {
  // A colon makes a stream of a file there, which looks like success.
  if (process.platform === 'win32') return 'windows';
  if (!isKept(calls, { folder, name: `<>:"\\|?*-${tag}` }) || !isKept(calls, { folder, name: `${tag}. ` })) return 'windows';
  return isKept(calls, { folder, name: `\udcff-${tag}` }) ? 'bytes' : 'text';
}

function probeLength(calls: FileCalls, folder: Folder): number {
  let holds = nameLeastBytes;
  let tooLong: number = limits.nameMaxBytes + 1;
  for (let tried: number = limits.nameMaxBytes; tooLong - holds > 1; tried = Math.floor((holds + tooLong) / 2)) {
    if (isKept(calls, { folder, name: 'n'.repeat(tried) })) holds = tried;
    else tooLong = tried;
  }
  return holds;
}

/** Whether the name can be given, and comes back as it was. */
function isKept(calls: FileCalls, probe: Entry): boolean {
  return isTaken(() => withProbe(calls, probe, () => calls.readNames(probe.folder).some((name) => name === probe.name)));
}

function probeLinks(calls: FileCalls, probe: Entry): boolean {
  return isTaken(() => {
    calls.makeLink('target', probe);
    const isLink = calls.lstat(probe)?.kind === 'link';
    calls.unlink(probe);
    return isLink;
  });
}

/**
 * What the attempt finds; false where it is refused each time. What is found here holds as long as the disk is there, and
 * some of these codes also come from a moment's trouble. Any other error says nothing about what the file system can hold.
 */
function isTaken(attempt: () => boolean): boolean {
  for (let tries = 1; ; tries += 1) {
    try {
      return attempt();
    } catch (error) {
      const isSystemsWord = error instanceof Failure && error.code === 'E_UNSAFE_NAME';
      if (!isSystemsWord && !refusals.includes(callCode(error))) throw error;
      if (tries === triesMax) return false;
    }
  }
}
