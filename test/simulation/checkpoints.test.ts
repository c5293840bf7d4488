import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/base/bytes.ts';
import { seededRandom } from '../crypto/fixed-random.ts';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';
import { smallPortions } from './small-portions.ts';

/** Two devices with a history long enough for a checkpoint every few entries. */
async function withHistory(): Promise<{ vault: SimVault; ann: SimDevice; bob: SimDevice }> {
  const vault = new SimVault(41);
  vault.checkpointWorth = { entries: 4, bodyBytes: 1e9 };
  const ann = new SimDevice(vault, 'ann');
  const bob = new SimDevice(vault, 'bob');
  ann.user.makeFolder('folder');
  ann.user.writeFile('empty', '');
  for (let round = 0; round < 6; round += 1) {
    ann.user.writeFile('folder/by ann', `ann ${round}`);
    bob.user.writeFile('by bob', `bob ${round}`);
    ann.user.writeFile(`file ${round}`, `made in round ${round}`);
    for (const device of [ann, bob, ann]) await device.sync();
  }
  return { vault, ann, bob };
}

function snapshotsIn(vault: SimVault): readonly string[] {
  return vault.medium.names('snapshots/');
}

describe('checkpoints and their snapshots', () => {
  test('are written where it is time, and a device that comes later starts from one', async () => {
    const { vault, ann } = await withHistory();
    expect(snapshotsIn(vault).length).toBeGreaterThan(1);
    const eve = new SimDevice(vault, 'eve');
    eve.user.writeFile('by eve', 'was here before');
    await eve.sync();
    await ann.sync();
    expect(eve.user.texts()).toEqual(ann.user.texts());
    expect(eve.user.texts()).toMatchObject({
      'by eve': 'was here before',
      'by bob': 'bob 5',
      'folder/by ann': 'ann 5',
      'file 0': 'made in round 0',
      empty: '',
    });
    // It took its start from the snapshot, not from the whole journal.
    expect(eve.store.counters.requests.get).toBeLessThan(ann.store.counters.requests.get);
  });

  test('a device that started from one goes on like any other', async () => {
    const { vault, ann, bob } = await withHistory();
    const eve = new SimDevice(vault, 'eve');
    await eve.sync();
    eve.user.rename('folder', 'renamed by eve');
    eve.user.writeFile('file 1', 'edited by eve');
    bob.user.remove('file 2');
    for (const device of [eve, bob, ann, eve, bob]) await device.sync();
    expect(ann.user.texts()).toEqual(eve.user.texts());
    expect(bob.user.texts()).toEqual(eve.user.texts());
    expect(ann.user.readText('renamed by eve/by ann')).toBe('ann 5');
    expect(ann.user.exists('file 2')).toBe(false);
  });

  test('a device that starts from one asks for about as much as there is, however small its portions are', async () => {
    const { vault, ann, bob } = await withHistory();
    vault.portions = smallPortions(20);
    const random = seededRandom('much');
    for (let file = 0; file < 400; file += 1) ann.user.writeFile(`folder/much ${file}`, toHex(random.bytes(5000)));
    for (let round = 0; round < 6; round += 1) {
      ann.user.writeFile('empty', `round ${round}`);
      bob.user.writeFile('by bob', `round ${round}`);
      for (const device of [ann, bob]) await device.sync();
    }
    const eve = new SimDevice(vault, 'eve');
    eve.user.writeFile('by eve', 'was here before');
    await eve.sync();
    await ann.sync();
    expect(eve.user.texts()).toEqual(ann.user.texts());
    const packsBytes = vault.medium.names('packs/').reduce((sum, name) => sum + (vault.medium.read(name)?.byteLength ?? 0), 0);
    expect(packsBytes).toBeGreaterThan(400 * 2500);
    // Snapshots tell of files in the order of their ids: in that order each portion would want a little of every pack.
    expect(eve.store.counters.bytesDown).toBeLessThan(2 * packsBytes);
  });

  test('a snapshot that was changed or is gone is never believed', async () => {
    const { vault } = await withHistory();
    const [name = ''] = snapshotsIn(vault);
    const bytes = vault.medium.read(name) ?? new Uint8Array();
    for (const [at, wrong] of [
      Uint8Array.from(bytes, (byte, position) => (position === 200 ? byte ^ 1 : byte)),
      bytes.subarray(0, bytes.length >> 1),
      undefined,
    ].entries()) {
      vault.medium.write(name, wrong);
      const eve = new SimDevice(vault, `eve ${at}`);
      const outcome = await eve.sync().then(
        () => 'synced',
        (error: unknown) => (error instanceof Error && 'code' in error ? error.code : String(error)),
      );
      // Where the journal alone is enough the snapshot is not needed; what must not be is a tree made of wrong bytes.
      if (outcome === 'synced') expect(eve.user.texts()).toMatchObject({ 'by bob': 'bob 5' });
      else expect(['E_TAMPER', 'E_MISSING', 'E_FORMAT']).toContain(outcome);
      vault.medium.write(name, bytes);
    }
  });
});
