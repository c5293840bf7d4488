import type { NativeTable } from '../../base/native.ts';
import type { NodeName } from '../../model/name.ts';
import type { Listed, Observed } from '../disk.ts';
import type { MadeUpInodes } from './made-up-inodes.ts';
import type { SystemPath } from './node-paths.ts';
import { nearestTime } from '../observe.ts';

const kinds = ['file', 'folder', 'link', 'other'] as const;
const textCount = 5;
const numberCount = 5;

/** What native code says of an item: 0 where it was found, an error's number or -1 where not (native/src/item-table.h). */
export interface TableItem {
  readonly outcome: number;
  readonly item: Listed;
}

/**
 * The items of a table, in what src/disk/observe.ts would make of each. `pathOf`: of an item, in whatever folder it stands; asked once for
 * each device.
 */
export function* itemsOf(
  { texts, numbers }: NativeTable,
  madeUp: MadeUpInodes,
  pathOf: (item: Observed, name: string) => SystemPath,
): Generator<TableItem> {
  const parts = numbers.length === 0 ? [] : texts.split('\0');
  for (let at = 0; at * numberCount < numbers.length; at += 1) {
    const text = (part: number): string => parts[at * textCount + part] ?? '';
    const number = (part: number): number => numbers[at * numberCount + part] ?? 0;
    const kind = kinds[number(1)] ?? 'other';
    const found = {
      kind,
      fingerprint: text(2),
      sizeBytes: number(2),
      mtimeUs: nearestTime(number(3)),
      executable: number(4) === 1,
      target: text(4),
    };
    const item = { ...found, identity: text(1), device: kind === 'folder' ? text(3) : '', name: text(0) as NodeName };
    const isMadeUp = number(0) === 0 && madeUp.areOn(deviceNumber(text(3)), () => pathOf(item, item.name));
    yield { outcome: number(0), item: isMadeUp ? { ...item, identity: '' } : item };
  }
}

function deviceNumber(device: string): bigint {
  const at = device.indexOf(':');
  return BigInt(at < 0 ? device : device.slice(0, at));
}
