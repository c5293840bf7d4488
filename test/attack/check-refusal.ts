import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { describeTree, differences } from '../demo/describe-tree.ts';
import { folderState } from './folder-state.ts';
import type { CliOutcome } from './in-process-cli.ts';
import type { StoreFolder } from './store-folder.ts';
import { deskFile, type DeviceName, type Moment, type VaultFixture } from './vault-fixture.ts';

/** Codes that say that the store is not to be believed. */
export type Refusal =
  | 'E_TAMPER'
  | 'E_MISSING'
  | 'E_ROLLBACK'
  | 'E_FORK'
  | 'E_REPLACED_VAULT'
  | 'E_STORE_EMPTY'
  | 'E_FORMAT'
  | 'E_DOWNGRADE'
  | 'E_LIMIT'
  | 'E_KDF_BOUNDS'
  | 'E_EPOCH'
  | 'E_CLONED_DEVICE'
  | 'E_UNTRUSTED_DEVICE'
  | 'E_REVOKED_WRITER'
  | 'E_REVOKED';

/** No object of a vault is so large: of one that is, the size is enough. */
const hashedMaxBytes = 64 * 1024 * 1024;

/** Any of those that fit bytes that are not what was written. */
export const damageCodes: readonly Refusal[] = ['E_TAMPER', 'E_MISSING', 'E_FORMAT', 'E_DOWNGRADE', 'E_LIMIT'];

/**
 * The device syncs and refuses: exit code 5, one line that begins with one of the codes, its folder as it was, nothing in
 * the store that was not there, `status` says so (U1 to U4).
 */
export async function checkRefused(fixture: VaultFixture, device: DeviceName, codes: readonly Refusal[]): Promise<CliOutcome> {
  const outcome = await checkUnharmed(fixture, device, () => fixture.cli(device, 'sync'));
  await expectSaid(fixture, device, { outcome, codes });
  return outcome;
}

/**
 * The same where a pack is at fault, which is found out late: the run may have brought content of its own to the store by then,
 * which nothing refers to yet. No entry, no list of devices, no hint.
 */
export async function checkPackRefused(fixture: VaultFixture, device: DeviceName, codes: readonly Refusal[]): Promise<CliOutcome> {
  const before = new Set(fixture.store.names());
  const isNewPack = (name: string): boolean => name.startsWith('packs/') && !before.has(name);
  const outcome = await checkUnharmed(fixture, device, () => fixture.cli(device, 'sync'), isNewPack);
  await expectSaid(fixture, device, { outcome, codes });
  return outcome;
}

/** Whatever the run comes to: folder and store are afterwards what they were before (but for objects that are left out). */
export async function checkUnharmed<Result>(
  fixture: VaultFixture,
  device: DeviceName,
  run: () => Promise<Result>,
  isLeftOut: (name: string) => boolean = () => false,
): Promise<Result> {
  const before = { folder: folderState(fixture.folder(device)), store: contentsOf(fixture.store, isLeftOut) };
  const result = await run();
  expect(folderState(fixture.folder(device)), 'the folder').toEqual(before.folder);
  expect(contentsOf(fixture.store, isLeftOut), 'the store').toEqual(before.store);
  return result;
}

interface Said {
  readonly outcome: CliOutcome;
  readonly codes: readonly Refusal[];
}

async function expectSaid(fixture: VaultFixture, device: DeviceName, { outcome, codes }: Said): Promise<void> {
  expectRefusal(outcome, codes);
  expect(outcome.stderr, 'it says which object').toMatch(/genesis|(keys|journal|packs|snapshots)\/[0-9a-f]|entry \d+ of device/);
  expect(JSON.parse(await fixture.must(device, 'status', '--json'))).toMatchObject({ state: 'refused' });
}

export function expectRefusal({ exitCode, stderr }: CliOutcome, codes: readonly Refusal[]): void {
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 5, stderr: expect.stringMatching(/^E_[A-Z_]+: [^\n]+\n$/) as string });
  expect(codes, stderr).toContain(/^E_[A-Z_]+/.exec(stderr)?.[0]);
  expect(stderr).not.toMatch(/ at [\w.]+ \(|node:internal|\.ts:\d/);
}

/** The honest bytes are back: the next sync is as if nothing had been, and both devices agree on everything (U5). */
export async function checkHeals(fixture: VaultFixture, device: DeviceName, moment: Moment = 'ahead'): Promise<void> {
  fixture.healStore(moment);
  await checkAgreement(fixture, device);
}

/** Each syncs without complaint, and they hold the same. */
export async function checkAgreement(fixture: VaultFixture, device: DeviceName): Promise<void> {
  const other = device === 'laptop' ? 'desk' : 'laptop';
  for (const each of [device, other, device] as const) {
    const { exitCode, stderr } = await fixture.cli(each, 'sync');
    // That somebody came into the vault, every device tells.
    const complaints = stderr.replaceAll(
      /^cachette: (?:a device was added to|the device "[^"\n]*" was removed from) the vault[^\n]*\n/gm,
      '',
    );
    expect({ each, exitCode, complaints }).toEqual({ each, exitCode: 0, complaints: '' });
  }
  const [mine, theirs] = [describeTree(fixture.folder(device)), describeTree(fixture.folder(other))];
  expect(differences(mine, theirs)).toEqual([]);
  expect(
    mine.some((line) => line.endsWith(deskFile)),
    'guard: what was written on the desk is there',
  ).toBe(true);
  expect(
    mine.some((line) => line.endsWith('third.txt')),
    'guard: the news are there',
  ).toBe(true);
}

function contentsOf(store: StoreFolder, isLeftOut: (name: string) => boolean = () => false): string[] {
  const names = store.names().filter((name) => !isLeftOut(name));
  return names.map((name) => `${name} ${store.size(name) > hashedMaxBytes ? store.size(name) : hashOf(store.read(name))}`);
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}
