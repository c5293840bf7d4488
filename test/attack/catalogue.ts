import fs from 'node:fs';
import path from 'node:path';

/** Where cases of an entry are, beside those of this folder that bear its id. */
export interface CaseReference {
  /** From the project's folder on, with `/`. */
  readonly file: string;
  /** Words in the cases' names; '': every case of the file. */
  readonly words: string;
}

/** One line of CATALOGUE.md. */
export interface CatalogueEntry {
  readonly id: string;
  readonly title: string;
  readonly references: readonly CaseReference[];
}

const catalogueFile = path.join(import.meta.dirname, 'CATALOGUE.md');
const ownFolder = 'test/attack/';

/** Every entry that this suite answers for, in its order. */
export function readCatalogue(): CatalogueEntry[] {
  const lines = fs.readFileSync(catalogueFile, 'utf8').split('\n');
  return lines.flatMap((line) => {
    const [, id, title] = /^- \*\*(A\d\d)\*\* ([^.]+)\./.exec(line) ?? [];
    return id === undefined || title === undefined ? [] : [{ id, title, references: referencesIn(line) }];
  });
}

function referencesIn(line: string): CaseReference[] {
  return [...line.matchAll(/`(test\/[^`]+?\.test\.ts): ([^`]*)`/g)].map(([, file = '', words = '']) => ({ file, words }));
}

/** The ids that a case's name bears; `A15 to A17` are three. */
export function idsIn(name: string): Set<string> {
  const ids = new Set([...name.matchAll(/\bA\d\d\b/g)].map(([id]) => id));
  for (const [, first, last] of name.matchAll(/\bA(\d\d) to A(\d\d)\b/g)) {
    for (let number = Number(first); number <= Number(last); number += 1) ids.add(`A${String(number).padStart(2, '0')}`);
  }
  return ids;
}

/** Whether a case is one of the entry's. `file` as in a reference. */
export function isCaseOf({ id, references }: CatalogueEntry, file: string, name: string): boolean {
  if (file.startsWith(ownFolder) && idsIn(name).has(id)) return true;
  return references.some((each) => each.file === file && name.includes(each.words));
}
