/** The rules of the synced folder's own .cachetteignore: read, tried out, written. */
import { Failure } from '../../base/failure.ts';
import type { WindowAnswers } from '../../control/answer-act.ts';
import { joinPath, topPath, type Disk, type DiskPath } from '../../disk/disk.ts';
import { defaultIgnoreRules, ignoreFileMaxBytes, ignoreFileName, IgnoreRules } from '../../disk/ignore-rules.ts';
import { FolderRules } from '../../engine/scan/folder-rules.ts';
import { syncableItems } from '../../engine/local-row.ts';
import { nameFromBytes } from '../../model/name.ts';
import { configText } from '../profile/config-values.ts';
import type { Session } from '../open-session.ts';
import { findBadRules } from './find-bad-rules.ts';
import type { WindowDesk } from './window-desk.ts';

const rulePath = joinPath(topPath, nameFromBytes(Buffer.from(ignoreFileName)));
/** Items that are looked at while a person waits; what lies beyond is not counted. */
const lookedAtMax = 50_000;
const examplesMax = 100;

export function ignoreRuleAnswers(desk: WindowDesk): Pick<WindowAnswers, 'read-ignore-rules' | 'try-ignore-rules' | 'write-ignore-rules'> {
  return {
    'read-ignore-rules': async () => ({ text: await readRules((await desk.whenKept()).session.disk) }),
    'try-ignore-rules': async ({ text }) => {
      const { session } = await desk.whenKept();
      return { ...(await tryRules(session, text, desk.host.signal)), badLines: findBadRules(text) };
    },
    'write-ignore-rules': async ({ text, was }) => {
      const { session, loop } = await desk.whenKept();
      await loop.perform(() => writeRules(session, { text, was }), 'late');
      // All rules hold from here on: also items are looked at that no watcher tells of.
      void loop.request().catch(() => {});
      return {};
    },
  };
}

async function readRules(disk: Disk): Promise<string> {
  await disk.checkRoot();
  const found = await disk.look(rulePath);
  if (found === undefined) return '';
  if (found.kind !== 'file' || found.sizeBytes > ignoreFileMaxBytes)
    throw new Failure('E_TOO_LARGE', `${ignoreFileName} is too large to be edited here`, { action: 'edit it with another program' });
  const blocks: Uint8Array[] = [];
  const outcome = await disk.read(rulePath, found, (block) => void blocks.push(block), ignoreFileMaxBytes);
  if (typeof outcome === 'string') throw new Failure('E_BUSY', `${ignoreFileName} is being changed`, { action: 'try again' });
  return Buffer.concat(blocks).toString('utf8');
}

/** In one go for whoever reads it; what stood there goes to the folder's trash. */
async function writeRules({ disk, parts }: Session, { text, was }: { readonly text: string; readonly was: string }): Promise<void> {
  // Also by another device, in a sync meanwhile.
  if ((await readRules(disk)) !== was) throw changedMeanwhile();
  const bytes = Buffer.from(text);
  const staged = await disk.stage(bytes.byteLength);
  try {
    await staged.write(bytes, 0);
    await staged.finish({ mtimeUs: parts.clock.nowMs() * 1000, executable: false, fromOutside: false });
    const outcome = await disk.place(staged, rulePath, (await disk.look(rulePath)) ?? 'absent');
    if (outcome === 'changed') throw changedMeanwhile();
    await disk.settle();
  } finally {
    await staged.discard();
  }
}

function changedMeanwhile(): Failure {
  return new Failure('E_BUSY', `${ignoreFileName} was changed meanwhile`, { action: 'look at it again' });
}

interface Trial {
  readonly matched: number;
  readonly examples: string[];
}

/** Looks at the folder as a scan does, with these rules in place of those that stand in it. */
async function tryRules({ disk, settings }: Session, text: string, signal: AbortSignal): Promise<Trial> {
  await disk.checkRoot();
  const own = configText(settings.config, 'ignore');
  const book = new IgnoreRules(own === undefined ? defaultIgnoreRules : own.split(','));
  const rules = new FolderRules(book, { name: nameFromBytes(Buffer.from(ignoreFileName)), maxBytes: ignoreFileMaxBytes });
  const found: Trial & { matched: number } = { matched: 0, examples: [] };
  const queue: DiskPath[] = [topPath];
  let seen = 0;
  for (let folder = queue.shift(); folder !== undefined && seen < lookedAtMax; folder = queue.shift()) {
    signal.throwIfAborted();
    const listing = await disk.list(folder);
    if (typeof listing === 'string') continue;
    if (folder === topPath) book.learn(folder, text);
    else await rules.refresh(disk, folder, listing);
    for (const entry of syncableItems(listing.entries)) {
      seen += 1;
      const path = joinPath(folder, entry.name);
      if (rules.isIgnored(path, entry.kind)) note(found, path, entry.kind);
      else if (entry.kind === 'folder') queue.push(path);
    }
  }
  return { matched: found.matched, examples: found.examples };
}

function note(found: { matched: number; readonly examples: string[] }, path: DiskPath, kind: string): void {
  found.matched += 1;
  if (found.examples.length < examplesMax) found.examples.push(kind === 'folder' ? `${path}/` : path);
}
