import { expect, test } from 'vitest';
import { entryName, parseId, type EntryName } from '../../../src/model/ids.ts';
import type { ArrivedEntry } from '../../../src/vault/journal/arrive/arrived-entry.ts';
import type { SetAside } from '../../../src/vault/journal/arrive/set-aside.ts';
import { findJoinStart } from '../../../src/vault/journal/checkpoint/join-start.ts';
import type { JournalDeps } from '../../../src/vault/journal/journal-deps.ts';
import type { BodyRoom } from '../../../src/vault/journal/write/body-room.ts';
import { signal } from './journal-world.ts';

const device = parseId('DeviceId', 'd'.repeat(32));
/** Nobody is in the vault any more who could say that a checkpoint counts. */
const deps = { keys: { current: () => ({ activeDevices: [] }) } } as unknown as JournalDeps;

/** How often an entry is looked at while a device that joins looks for where to begin. `claim`: the newest one names a snapshot up to there. */
async function looksAt(entries: number, claim?: number): Promise<number> {
  let looks = 0;
  const names = Array.from({ length: entries }, (_, at) => entryName(at + 1, '0'.repeat(16)));
  const checkpoints = claim === undefined ? [] : [{ lamport: claim, snapshot: 'snapshots/s' }];
  const entryOf = (name: EntryName): ArrivedEntry => {
    const isNewest = name === names.at(-1);
    const parts = {
      header: { name, device, counter: 1, seen: new Map() },
      statements: { checkpoints: isNewest ? checkpoints : [], skips: [] },
    };
    return new Proxy(parts, {
      get: (target, part, receiver) => {
        looks += 1;
        return Reflect.get(target, part, receiver) as unknown;
      },
    }) as unknown as ArrivedEntry;
  };
  const setAside = { fetch: (name: EntryName) => Promise.resolve(entryOf(name)), requireOpened: () => undefined } as unknown as SetAside;
  const room = { take: (entry: ArrivedEntry) => entry } as unknown as BodyRoom;
  const opened = new Map<EntryName, ArrivedEntry>();
  const search = { opened, room, setAside, onProgress: undefined, signal };
  expect(await findJoinStart(deps, { names } as unknown as Parameters<typeof findJoinStart>[1], search)).toBeUndefined();
  expect(opened.size).toBe(entries);
  return looks;
}

test('the work of finding where to begin grows with the journal, not with its square', async () => {
  expect(await looksAt(20_000)).toBeLessThan(10 * 20_000);
});

test('also where the newest snapshot is far below', async () => {
  expect(await looksAt(20_000, 5)).toBeLessThan(10 * 20_000);
});
