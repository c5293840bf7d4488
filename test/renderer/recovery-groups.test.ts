import { expect, test } from 'vitest';
import { chooseGroups, groupsOf, isSameGroup } from '../../renderer/set-up/recovery-groups.ts';

test('a key falls into its groups', () => {
  expect(groupsOf('7K2QM-9XNPD 4TRWB')).toEqual(['7K2QM', '9XNPD', '4TRWB']);
});

test('two different groups are asked for, in order, any two of them', () => {
  const drawn = new Set<string>();
  for (let first = 0; first < 1; first += 0.05)
    for (let second = 0; second < 1; second += 0.05) {
      const draws = [first, second];
      drawn.add(chooseGroups(4, () => draws.shift() ?? 0).join());
    }
  expect([...drawn].toSorted()).toEqual(['0,1', '0,2', '0,3', '1,2', '1,3', '2,3']);
});

test('typed as people type', () => {
  expect(isSameGroup(' 7k2qm ', '7K2QM')).toBe(true);
  expect(isSameGroup('o1iL-0', '01110')).toBe(true);
  expect(isSameGroup('7K2QN', '7K2QM')).toBe(false);
  expect(isSameGroup('', '')).toBe(false);
});
