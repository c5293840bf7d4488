import { failureMeanings } from '../../base/failure.ts';
import { findEntryNameParts } from '../../model/ids.ts';
import type { CatchUpReport } from '../../vault/journal/journal-report.ts';
import type { EngineParts } from '../engine-parts.ts';

const action = 'everything else goes on; remove that object from the store if none of your devices wrote it';

/**
 * Lists what stands among the journal's entries and was set aside, by the object's name; and no longer what was. What a removed
 * device goes on writing is nobody's trouble.
 */
export function noteLeftOutEntries(parts: EngineParts, { setAside }: CatchUpReport): void {
  const { index, clock } = parts;
  const isListed = new Set<string>(setAside.map(({ name, code }) => `${code} ${name}`));
  const codes = index.problems.codes().filter((code) => failureMeanings[code].exitCode === 5);
  for (const code of codes) {
    for (const path of index.problems.pathsWith(code))
      if (findEntryNameParts(path) !== undefined && !isListed.has(`${code} ${path}`)) index.problems.clear(path, code);
  }
  for (const { name, code, message: text } of setAside) {
    index.problems.replace({ node: undefined, path: name, code, message: text, action, sinceMs: clock.nowMs() });
    parts.emit({ event: 'problem', code, path: name, message: text, action });
  }
}
