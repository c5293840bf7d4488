import { expect, test } from 'vitest';
import { Ledger } from './ledger.ts';

/** Two devices that have told each other everything. */
function told(ledger: Ledger): void {
  for (const device of ['ann', 'bob', 'ann']) ledger.finishSync(device, ledger.beginSync(device));
}

test('content that was overwritten or deleted must be gone, and only that', () => {
  const ledger = new Ledger();
  ledger.wrote('ann', 'one');
  ledger.wrote('ann', 'two', 'one');
  ledger.ended('ann', ['one']);
  expect([...ledger.mustLive]).toEqual(['two']);
  expect([ledger.mustBeGone('one'), ledger.mustBeGone('two')]).toEqual([true, false]);
});

test('who deletes a file without knowing that it was moved may get it back', () => {
  const ledger = new Ledger();
  ledger.wrote('ann', 'one');
  told(ledger);
  ledger.moved('ann', ['one']);
  ledger.ended('bob', ['one']);
  expect(ledger.mustBeGone('one')).toBe(false);
});

test('a move that the deleter knew of is no excuse', () => {
  const ledger = new Ledger();
  ledger.wrote('ann', 'one');
  ledger.moved('ann', ['one']);
  told(ledger);
  ledger.ended('bob', ['one']);
  expect(ledger.mustBeGone('one')).toBe(true);
});

test('a move counts for every content that the file had before or after', () => {
  const ledger = new Ledger();
  ledger.wrote('ann', 'one');
  told(ledger);
  ledger.moved('bob', ['one']);
  ledger.wrote('ann', 'two', 'one');
  ledger.ended('ann', ['one', 'two']);
  expect(ledger.mustBeGone('two')).toBe(false);
});

test('who loses the memory of what was not published may forget that it deleted it', () => {
  const ledger = new Ledger();
  ledger.wrote('ann', 'one');
  ledger.ended('ann', ['one']);
  expect(ledger.unpublishedEnds('ann')).toEqual(['one']);
  ledger.finishSync('ann', ledger.beginSync('ann'));
  expect(ledger.unpublishedEnds('ann')).toEqual([]);
});
