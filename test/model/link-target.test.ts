import { posix } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fullTraits } from '../../src/model/disk-traits.ts';
import { leadsOut } from '../../src/model/link-target.ts';

describe('where a link leads', () => {
  test.each([
    ['target', 0],
    ['a/b/c', 0],
    ['./a//b/.', 0],
    ['..', 1],
    ['../x', 1],
    ['../../x/y', 2],
    ['...', 0],
    ['..x', 0],
    ['', 0],
    ['C:/x', 0],
    ['a\\..\\..\\..\\b', 0],
  ])('%j in %i folders stays inside', (target, folders) => {
    expect(leadsOut(target, folders, fullTraits)).toBe(false);
  });

  test.each([
    ['/etc/passwd', 0],
    ['/', 9],
    ['//host/share', 3],
    ['..', 0],
    ['../..', 1],
    ['./.././../x', 1],
    // Where `a` is a link, this is above wherever that leads.
    ['a/..', 3],
    ['../a/../b', 3],
  ])('%j in %i folders may lead out', (target, folders) => {
    expect(leadsOut(target, folders, fullTraits)).toBe(true);
  });

  test.each(['c:\\x', 'C:x', '\\x', '\\\\host\\share', '..\\..\\x', 'a\\..\\x'])('%j may lead out on Windows', (target) => {
    expect(leadsOut(target, 1, { ...fullTraits, names: 'windows' })).toBe(true);
  });

  test('nothing that is said to stay inside names a place outside', () => {
    const step = fc.constantFrom('..', '.', '', 'a', 'b');
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), fc.nat(4), (steps, folders) => {
        const target = steps.join('/');
        const at = `/${'f/'.repeat(folders)}`;
        // One folder more above: whoever goes there is out.
        const isInside = posix.resolve(`/root${at}`, target).startsWith('/root');
        expect(leadsOut(target, folders, fullTraits) || isInside).toBe(true);
      }),
    );
  });
});
