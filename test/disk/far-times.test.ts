import { expect, test } from 'vitest';
import { itemsOf } from '../../src/disk/calls/item-table.ts';
import { MadeUpInodes } from '../../src/disk/calls/made-up-inodes.ts';
import { topPath } from '../../src/disk/disk.ts';
import type { NodeId } from '../../src/model/ids.ts';
import type { NodeName } from '../../src/model/name.ts';
import { encodeBody } from '../../src/vault/entry/encode-body.ts';
import { parseBody } from '../../src/vault/entry/parse-body.ts';
import { at } from '../contract/disk/disk-contract.ts';
import { FakeDisk } from '../world/fake-disk/fake-disk.ts';
import { SeededRandom } from '../world/seeded-random.ts';
import { VirtualClock } from '../world/virtual-clock.ts';

/** Microseconds of 1601 (NTFS where no time was set), 2300 and 9999. */
const far = [-11_644_473_600_000_000, 10_413_792_000_000_000, 253_370_764_800_000_000];

test.each(far)('a time that no vault can hold (%d) is shown as the nearest that it can', async (mtimeUs) => {
  const fake = new FakeDisk({ clock: new VirtualClock(), random: new SeededRandom(1) });
  const disk = await fake.open();
  fake.user.makeLink('target', 'link');
  fake.user.writeFile('file', 'text');
  for (const name of ['link', 'file']) fake.user.setTime(name, mtimeUs);
  const listing = await disk.list(topPath);
  const times = typeof listing === 'string' ? [] : listing.entries.map((entry) => entry.mtimeUs);
  const [shown = 0] = times;
  expect(times).toEqual([shown, shown]);
  expect((await disk.look(at('file')))?.mtimeUs).toBe(shown);
  // As native code tells of it.
  const table = { texts: ['file', '1:1', '1:4:0:0', '1', ''].join('\0'), numbers: Float64Array.of(0, 0, 4, mtimeUs, 0) };
  expect([...itemsOf(table, new MadeUpInodes(() => 0), () => '/')].map(({ item }) => item.mtimeUs)).toEqual([shown]);

  const [node, parent] = ['a'.repeat(32) as NodeId, 'b'.repeat(32) as NodeId];
  const state = { kind: 'link', parent, name: 'link' as NodeName, target: 'target', mtimeUs: shown } as const;
  const body = { groups: [[{ do: 'put', node, upon: undefined, state }]], packs: [] } as const;
  expect(parseBody(encodeBody(body))).toEqual(body);
  expect(Math.sign(shown)).toBe(Math.sign(mtimeUs));
});
