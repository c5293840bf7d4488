import { describe, expect, test, vi } from 'vitest';
import { describeTree } from '../demo/describe-tree.ts';
import { checkAgreement, checkHeals, checkPackRefused, checkUnharmed, damageCodes, expectRefusal } from './check-refusal.ts';
import { openTwoVaults } from './open-vault.ts';
import { edits, fewOf, flippedAt, rare, timely, type StoreEdit } from './store-edits.ts';
import { deskFile, type VaultFixture, type DeviceName } from './vault-fixture.ts';

vi.mock('../../src/agent/threads/threaded-workshop.ts', () => import('./inline-workshop.ts'));

const { fixture, other } = await openTwoVaults();

/** Where a pack's first chunk lies: behind the object's header. */
const chunkAt = 10;
const packEdits: readonly StoreEdit[] = [
  ...edits.filter(({ title }) => !title.includes('its first byte')),
  flippedAt(chunkAt, "a chunk's nonce", rare),
  flippedAt(chunkAt + 30, "a chunk's commitment", rare),
  flippedAt(chunkAt + 60, "a chunk's mac", rare),
  flippedAt(chunkAt + 74, "a chunk's text"),
];
/** What only `verify` reads: chunks prove themselves. */
const unreadEdits: readonly StoreEdit[] = [
  flippedAt(0, 'its first byte', rare),
  flippedAt(4, 'its version', rare),
  flippedAt(9, 'its epoch'),
  flippedAt(-300, 'its directory'),
  flippedAt(-1, 'its last byte', rare),
];

function packsOf(of: VaultFixture, sync: number): string[] {
  return (of.grown[sync] ?? []).filter((name) => name.startsWith('packs/'));
}

/** The first pack of one of the laptop's syncs; 3 is its last. */
function packOf(of: VaultFixture, sync: number): string {
  return packsOf(of, sync)[0] ?? '';
}

function attackPack(edit: StoreEdit, target: string): void {
  const sameKind = [...packsOf(fixture, 1), ...packsOf(fixture, 2)].find((name) => name !== target) ?? '';
  edit.apply(fixture.store, target, { sameKind, otherKind: 'hint', otherVault: other.savedStore('ahead').read(packOf(other, 3)) });
}

async function problemPaths(device: DeviceName): Promise<string[]> {
  const problems = JSON.parse(await fixture.must(device, 'problems', '--json')) as { readonly path: string }[];
  return problems.map(({ path }) => path).toSorted();
}

/** Files of the laptop that the device has not as the laptop has them. */
function lacking(device: 'desk' | 'newcomer'): string[] {
  const theirs = new Set(describeTree(fixture.folder(device)));
  const lines = describeTree(fixture.folder('laptop')).filter((line) => !theirs.has(line));
  return lines.map((line) => line.replace(/^(file . \d+ [0-9a-f]{64}|folder|link \S+) /, '')).toSorted();
}

describe('A15 to A17, A31: a pack with news for the desk', () => {
  test.each(timely(packEdits))('$title: at first nothing changes, then everything else goes on', async (edit) => {
    await fixture.restoreObserved();
    attackPack(edit, packOf(fixture, 3));
    await checkPackRefused(fixture, 'desk', damageCodes);

    expectRefusal(await fixture.cli('desk', 'sync'), damageCodes);
    const missing = lacking('desk');
    expect(missing.length, 'guard: something lies in that pack').toBeGreaterThan(0);
    expect(await problemPaths('desk')).toEqual(missing);
    await fixture.must('laptop', 'sync');
    expect(
      describeTree(fixture.folder('laptop')).filter((line) => line.endsWith(deskFile)),
      'what the desk wrote is published',
    ).toHaveLength(1);

    await checkHeals(fixture, 'desk');
    expect(await problemPaths('desk')).toEqual([]);
  });

  test.each(timely(unreadEdits))('$title: no chunk is concerned, so all is well until `verify`', async (edit) => {
    fixture.restore('ahead');
    const target = packOf(fixture, 3);
    attackPack(edit, target);
    await checkAgreement(fixture, 'desk');
    const verified = await fixture.cli('desk', 'verify', '--json');
    expect(verified).toMatchObject({ exitCode: 5, stdout: expect.stringContaining(target) as string });
    await checkHeals(fixture, 'desk');
    expect((await fixture.cli('desk', 'verify', '--data')).exitCode).toBe(0);
  });

  test('three packs are gone: a later run has everything else', async () => {
    await fixture.restoreObserved();
    for (const sync of [1, 2, 3]) fixture.store.remove(packOf(fixture, sync));
    await checkPackRefused(fixture, 'desk', ['E_MISSING']);
    expectRefusal(await fixture.cli('desk', 'sync'), ['E_MISSING']);
    expect(await problemPaths('desk')).toEqual(lacking('desk'));
    await checkHeals(fixture, 'desk');
  });

  test('every pack is gone: what is there stays, and the desk goes on with its own', async () => {
    await fixture.restoreObserved();
    for (const name of fixture.store.below('packs/')) fixture.store.remove(name);
    await checkPackRefused(fixture, 'desk', ['E_MISSING']);
    for (let run = 0; run < 2; run += 1) expectRefusal(await fixture.cli('desk', 'sync'), ['E_MISSING']);
    expect(await problemPaths('desk')).toEqual(lacking('desk'));
    await checkHeals(fixture, 'desk');
  });
});

describe('A15 to A17: a pack that the synced devices need no more', () => {
  const alone = packEdits.filter(({ title }) => !title.includes('exchanged'));

  test.each(fewOf(alone, /half|gone|text/))('$title: they go on, `verify --data` tells', async (edit) => {
    fixture.restore('ahead');
    const target = packOf(fixture, 0);
    attackPack(edit, target);
    expect(await checkUnharmed(fixture, 'laptop', () => fixture.cli('laptop', 'sync'))).toMatchObject({ exitCode: 0, stderr: '' });
    await checkAgreement(fixture, 'desk');
    const verified = await fixture.cli('laptop', 'verify', '--data', '--json');
    expect(verified).toMatchObject({ exitCode: 5, stdout: expect.stringContaining(target) as string });
    await checkHeals(fixture, 'desk');
  });
});

describe('A31: a pack, and a device that joins', () => {
  test.each(fewOf(packEdits, /half|random|gone|text|another vault/))(
    '$title: everything else is restored in the first run, the rest is listed',
    async (edit) => {
      fixture.restore('ahead');
      attackPack(edit, packOf(fixture, 1));
      expect((await fixture.join()).exitCode).toBe(0);
      expectRefusal(await fixture.cli('newcomer', 'sync'), damageCodes);
      const missing = lacking('newcomer');
      expect(missing.length, 'guard: something lies in that pack').toBeGreaterThan(0);
      expect(await problemPaths('newcomer')).toEqual(missing);
      fixture.healStore();
      await fixture.must('newcomer', 'sync');
      expect(lacking('newcomer')).toEqual([]);
      expect(await problemPaths('newcomer')).toEqual([]);
    },
  );

  test('three packs are gone', async () => {
    fixture.restore('ahead');
    for (const sync of [0, 1, 3]) fixture.store.remove(packOf(fixture, sync));
    expect((await fixture.join()).exitCode).toBe(0);
    expectRefusal(await fixture.cli('newcomer', 'sync'), ['E_MISSING']);
    expect(await problemPaths('newcomer')).toEqual(lacking('newcomer'));
    fixture.healStore();
    await fixture.must('newcomer', 'sync');
    expect(lacking('newcomer')).toEqual([]);
  });
});
