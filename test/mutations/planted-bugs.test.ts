import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { SeededChoice } from '../world/seeded-choice.ts';
import { plantedBugs } from './planted-bugs.ts';
import { Plot } from './plot.ts';

const root = path.resolve(import.meta.dirname, '../..');
const source = path.join(root, 'src');
const caught = fs.readFileSync(path.join(import.meta.dirname, 'CAUGHT.md'), 'utf8');
/** `npm run mutations` plants all of them. */
const seed = Number(process.env['CACHETTE_SEED'] ?? 1);
const planted = 2;

/** Bugs that break the first scenarios of a topic already. */
const soonFound: Readonly<Record<string, string>> = {
  'an edit here is lost to an edit there': 'two edits of one file',
  'the later time wins': 'two edits of one file',
  'a touch there beats an edit here': 'two edits of one file',
  'a removal here beats an edit there': 'two edits of one file',
  'two that want one name: the one here is written over': 'two edits of one file',
  'a conflict copy takes a name that is taken': 'two edits of one file',
  'an edit that leaves the size as it was is not seen': 'two edits of one file',
  'a removal there beats an edit here': 'deletes',
  'a removed folder takes along what is new in it': 'deletes',
};

function drawSome(): [name: string, topic: string][] {
  const choice = new SeededChoice(seed);
  const left = Object.entries(soonFound);
  return Array.from({ length: planted }, () => left.splice(choice.below(left.length), 1)).flat();
}

describe('each planted bug', () => {
  test.each(plantedBugs)('can be planted, and only there: $name', ({ file, find, replacement }) => {
    expect(fs.readFileSync(path.join(source, file), 'utf8').split(find)).toHaveLength(2);
    expect(replacement).not.toBe(find);
  });

  test.each(plantedBugs)('is looked for by tests that there are: $name', ({ finders }) => {
    const paths = finders.flatMap((finder) => (finder.by === 'tests' ? finder.tests : []));
    expect(paths.filter((each) => !fs.existsSync(path.join(root, each)))).toEqual([]);
  });

  test.each(plantedBugs)('is in the table of what caught them: $name', ({ name }) => {
    expect(caught).toContain(`\n| ${name} | `);
  });

  test('has a name of its own', () => {
    expect(new Set(plantedBugs.map(({ name }) => name)).size).toBe(plantedBugs.length);
  });

  test.each(drawSome())('is caught: %s', async (name, topic) => {
    const bug = plantedBugs.find((each) => each.name === name);
    const plot = new Plot(String(seed));
    try {
      const outcome = bug && (await plot.plant({ ...bug, finders: [{ by: 'scenarios', topics: [topic] }] }));
      expect(outcome?.isCaught).toBe(true);
      expect(outcome?.what).toContain(topic);
    } finally {
      plot.remove();
    }
  });
});
