import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { idsIn, readCatalogue } from './catalogue.ts';

const projectDir = path.resolve(import.meta.dirname, '../..');
const catalogue = readCatalogue();
const ownTests = fs.readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.ts') && name !== 'catalogue.test.ts');
const borne = new Set(ownTests.flatMap((name) => [...idsIn(fs.readFileSync(path.join(import.meta.dirname, name), 'utf8'))]));

/** What the suite answers for: every attack on keys, store, names, local files and logs. */
const wanted = Array.from({ length: 53 }, (_, at) => `A${String(at + 1).padStart(2, '0')}`).filter(
  // Of windows, links into the program, and its package.
  (id) => !['A48', 'A49', 'A50'].includes(id),
);

test('the catalogue has an entry for each attack, in order, and no case is of an attack that it does not know', () => {
  expect(catalogue.map(({ id }) => id)).toEqual(wanted);
  expect(wanted).toEqual(expect.arrayContaining([...borne]));
});

test.each(catalogue)('$id: its cases are there', ({ id, references }) => {
  expect(borne.has(id) || references.length > 0, 'some case').toBe(true);
  for (const { file, words } of references) {
    const text = fs.readFileSync(path.join(projectDir, file), 'utf8').replaceAll(String.raw`\'`, "'");
    // As `describe` and `test` are called; names made by `each` are referred to by what stands around them.
    expect(text, file).toContain(words);
  }
});
