import { expect, test } from 'vitest';
import { Damage } from '../../src/agent/verify/damage.ts';

test('damage is told by the names of objects, whichever answered first; of one object in the order in which it was found', () => {
  const damage = new Damage();
  for (const [object, message] of [
    ['packs/b', 'first'],
    ['journal/2', 'only'],
    ['packs/a', 'only'],
    ['packs/b', 'second'],
  ] as const) {
    damage.note(object, { code: 'E_MISSING', message });
  }
  expect(damage.inOrder().map(({ object, message }) => `${object} ${message}`)).toEqual([
    'journal/2 only',
    'packs/a only',
    'packs/b first',
    'packs/b second',
  ]);
});
