import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { folderState } from './folder-state.ts';
import { checkAgreement, checkHeals, checkRefused, checkUnharmed, damageCodes, expectRefusal, type Refusal } from './check-refusal.ts';
import { openTwoVaults } from './open-vault.ts';
import { edits, fewOf, flippedAt, rare, timely, type StoreEdit } from './store-edits.ts';
import type { VaultFixture } from './vault-fixture.ts';

vi.mock('../../src/agent/threads/threaded-workshop.ts', () => import('./inline-workshop.ts'));

const { fixture, other } = await openTwoVaults();

const targets = ['genesis', 'the first list of devices', 'the newest list of devices'] as const;
type Target = (typeof targets)[number];

function nameOf(of: VaultFixture, target: Target): string {
  if (target === 'genesis') return target;
  const lists = of.savedStore('ahead').below('keys/');
  return (target === 'the first list of devices' ? lists[0] : lists.at(-1)) ?? '';
}

/** Offsets within CBOR that is public by design: the version, ids, keys, the signature at the end. */
const keyEdits: readonly StoreEdit[] = [
  ...edits,
  flippedAt(1, 'its second byte'),
  flippedAt(5, 'its version and what follows', rare),
  flippedAt(60, 'an id or a key'),
  flippedAt(200, 'a key'),
  flippedAt(300, 'a slot', rare),
  flippedAt(-20, 'its last field'),
  flippedAt(-1, 'its last byte'),
];

function attack(edit: StoreEdit, target: Target): void {
  const sameKind = nameOf(fixture, target === 'the newest list of devices' ? 'the first list of devices' : 'the newest list of devices');
  const otherKind = fixture.grown[1]?.find((name) => name.startsWith('journal/')) ?? '';
  edit.apply(fixture.store, nameOf(fixture, target), {
    sameKind,
    otherKind,
    otherVault: other.savedStore('ahead').read(nameOf(other, target)),
  });
}

const codes: readonly Refusal[] = [...damageCodes, 'E_ROLLBACK', 'E_KDF_BOUNDS'];

/** Joining tries out whether the store can do everything, and that raises the hint. */
function isHint(name: string): boolean {
  return name === 'hint';
}

describe('A01, A03, A05, A09, A14: what the keys hang on', () => {
  const cases = targets.flatMap((target) => timely(keyEdits).map((edit) => ({ target, edit, title: edit.title })));

  test.each(cases)('$target $title: nothing is believed and nothing is sent', async ({ target, edit }) => {
    fixture.restore('ahead');
    attack(edit, target);
    await checkRefused(fixture, 'desk', codes);
    await checkHeals(fixture, 'desk');
  });

  const few = targets.flatMap((target) => fewOf(keyEdits, /random|its kind|gone/).map((edit) => ({ target, edit, title: edit.title })));

  test.each(few)('$target $title: the laptop refuses, too', async ({ target, edit }) => {
    fixture.restore('ahead');
    attack(edit, target);
    await checkRefused(fixture, 'laptop', codes);
    await checkHeals(fixture, 'laptop');
  });

  const visible = few.filter(({ target, edit }) => target !== 'the newest list of devices' || !/gone|copy/.test(edit.title));

  test.each(visible)('$target $title: nobody can join, and nothing is left of the try', async ({ target, edit }) => {
    fixture.restore('ahead');
    attack(edit, target);
    const joined = await checkUnharmed(fixture, 'newcomer', () => fixture.join(), isHint);
    expect(joined).toMatchObject({ exitCode: 5, stderr: expect.stringMatching(/^(cachette: [^\n]*\n)?E_[A-Z_]+: [^\n]+\n$/) as string });
    expect(codes, joined.stderr).toContain(/^E_[A-Z_]+/m.exec(joined.stderr)?.[0]);
    expect(fs.existsSync(fixture.profile('newcomer')), 'no profile').toBe(false);
    fixture.healStore();
    expect((await fixture.join()).exitCode).toBe(0);
    await fixture.must('newcomer', 'sync');
    await checkAgreement(fixture, 'desk');
  });

  test('A30: the newest list is gone: who joins then can not know, but believes nothing that was made under it', async () => {
    fixture.restore('ahead');
    fixture.store.remove(nameOf(fixture, 'the newest list of devices'));
    expect((await fixture.join()).exitCode).toBe(0);
    const before = fixture.store.names();
    expectRefusal(await fixture.cli('newcomer', 'sync'), ['E_UNTRUSTED_DEVICE', 'E_MISSING', 'E_EPOCH']);
    expect(fixture.store.names()).toEqual(before);
    expect(fs.existsSync(path.join(fixture.folder('newcomer'), 'to edit.txt')), 'what was before it is there').toBe(true);
    expect(fs.existsSync(path.join(fixture.folder('newcomer'), 'third.txt')), 'what came after it is not').toBe(false);
    fixture.healStore();
    // Two devices joined upon the same list: one of the two lists stands, and whoever is in it takes the other device in again.
    await fixture.must('laptop', 'sync');
    await checkAgreement(fixture, 'desk');
    const synced = await fixture.cli('newcomer', 'sync');
    expect(synced).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('both lists of devices are those of another vault', async () => {
    fixture.restore('ahead');
    for (const name of fixture.store.below('keys/')) fixture.store.remove(name);
    for (const name of other.store.below('keys/')) fixture.store.write(name, other.store.read(name));
    for (const device of ['desk', 'laptop'] as const) await checkRefused(fixture, device, codes);
    expect((await checkUnharmed(fixture, 'newcomer', () => fixture.join(), isHint)).exitCode).toBe(5);
    await checkHeals(fixture, 'desk');
  });

  test('A05: the newest list is gone, as if the newer device had never joined', async () => {
    fixture.restore('ahead');
    fixture.store.remove(nameOf(fixture, 'the newest list of devices'));
    for (const device of ['desk', 'laptop'] as const) await checkRefused(fixture, device, ['E_ROLLBACK']);
    await checkHeals(fixture, 'desk');
  });

  test('lists that were never there stand behind the newest one: they are not believed, and harm nobody who knows better', async () => {
    fixture.restore('ahead');
    const newest = fixture.store.read(nameOf(fixture, 'the newest list of devices'));
    fixture.store.write('keys/000003-0123456789abcdef', newest);
    fixture.store.write('keys/000003-fedcba9876543210', Buffer.from('rubbish'));
    fixture.store.write('keys/000009-fedcba9876543210', other.store.read(nameOf(other, 'the first list of devices')));
    await checkAgreement(fixture, 'desk');
    expect(folderState(fixture.folder('desk')).length).toBeGreaterThan(10);
  });
});
