/** A15 in full: any one bit of any object, and objects that nobody could hold in memory. */
import { describe, expect, test, vi } from 'vitest';
import { Dice } from '../fuzz/dice.ts';
import {
  checkAgreement,
  checkHeals,
  checkPackRefused,
  checkRefused,
  checkUnharmed,
  damageCodes,
  expectRefusal,
  type Refusal,
} from './check-refusal.ts';
import { isFull } from './is-full.ts';
import { openVault } from './open-vault.ts';

vi.mock('../../src/agent/threads/threaded-workshop.ts', () => import('./inline-workshop.ts'));

const fixture = await openVault();

const flips = isFull ? 500 : 12;
const gigabyte = 2 ** 30;
/** What reading it would take many times over. */
const roomKilobytes = 300_000;

const kinds = ['genesis', 'a list of devices', 'an entry', 'a pack', 'the hint'] as const;
type Kind = (typeof kinds)[number];

/** What the desk reads next of each kind. */
function names(kind: Kind): readonly string[] {
  const news = [1, 2, 3].flatMap((sync) => fixture.grown[sync] ?? []);
  switch (kind) {
    case 'genesis':
      return ['genesis'];
    case 'a list of devices':
      return fixture.savedStore('ahead').below('keys/');
    case 'an entry':
      return news.filter((name) => name.startsWith('journal/'));
    case 'a pack':
      return news.filter((name) => name.startsWith('packs/'));
    case 'the hint':
      return ['hint'];
  }
}

/** What may be said of a changed key object beside that it is damaged: its fields are public and have words of their own. */
const keyCodes: readonly Refusal[] = [...damageCodes, 'E_KDF_BOUNDS', 'E_REPLACED_VAULT', 'E_UNTRUSTED_DEVICE'];

async function checkFlipped(kind: Kind, name: string): Promise<void> {
  if (kind === 'the hint') {
    await checkAgreement(fixture, 'desk');
    return;
  }
  if (kind !== 'a pack') {
    await checkRefused(fixture, 'desk', kind === 'an entry' ? [...damageCodes, 'E_EPOCH'] : keyCodes);
    return;
  }
  const isNewPack = (each: string): boolean => !fixture.grown.flat().includes(each);
  const run = await fixture.cli('desk', 'sync');
  if (run.exitCode !== 0) expectRefusal(run, damageCodes);
  // Where no chunk is concerned, the pack's own directory is.
  const verified = await checkUnharmed(fixture, 'desk', () => fixture.cli('desk', 'verify', '--data', '--json'), isNewPack);
  expect(verified).toMatchObject({ exitCode: 5, stdout: expect.stringContaining(name) as string });
}

describe('A15: any one bit of an object is flipped', () => {
  const dice = new Dice(15);
  const cases = Array.from({ length: flips }, (_, at) => {
    const kind = kinds[at % kinds.length] ?? 'genesis';
    const name = dice.of(names(kind));
    const offset = dice.below(fixture.savedStore('ahead').read(name).length);
    return { kind, name, offset, bit: dice.below(8) };
  });

  test.each(cases)('$kind: bit $bit of byte $offset', async ({ kind, name, offset, bit }) => {
    await fixture.restoreObserved();
    const bytes = fixture.store.read(name);
    bytes[offset] = (bytes[offset] ?? 0) ^ (1 << bit);
    fixture.store.write(name, bytes);
    await checkFlipped(kind, name);
    await checkHeals(fixture, 'desk');
  });
});

describe('A15, A43: an object is a gigabyte of zeros', () => {
  test.each(kinds.filter((kind) => isFull || kind === 'an entry' || kind === 'a pack'))('%s: nobody reads it', async (kind) => {
    await fixture.restoreObserved();
    const name = names(kind).at(-1) ?? '';
    fixture.store.writeZeros(name, gigabyte);
    const before = process.resourceUsage().maxRSS;
    if (kind === 'the hint') expect(await fixture.cli('desk', 'sync')).toMatchObject({ exitCode: 0 });
    else if (kind === 'a pack') await checkPackRefused(fixture, 'desk', damageCodes);
    else await checkRefused(fixture, 'desk', kind === 'an entry' ? damageCodes : keyCodes);
    if (kind !== 'the hint') expect((await fixture.cli('desk', 'verify', '--data')).exitCode).toBe(5);
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(roomKilobytes);
    fixture.store.remove(name);
    await checkHeals(fixture, 'desk');
  });
});
