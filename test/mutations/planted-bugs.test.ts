import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { plantedBugs } from './planted-bugs.ts';

const source = path.resolve(import.meta.dirname, '../../src');

describe('each planted bug', () => {
  test.each(plantedBugs)('can be planted, and only there: $name', ({ file, find, replacement }) => {
    expect(fs.readFileSync(path.join(source, file), 'utf8').split(find)).toHaveLength(2);
    expect(replacement).not.toBe(find);
  });

  test('has a name of its own', () => {
    expect(new Set(plantedBugs.map(({ name }) => name)).size).toBe(plantedBugs.length);
  });
});
