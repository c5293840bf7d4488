import { expect, test } from 'vitest';
import { KeptOrders } from '../../../src/agent/window/kept-orders.ts';
import { orderedMax } from '../../../src/agent/show/name-order.ts';
import type { NamedItem } from '../../../src/index/nodes/vault-folders.ts';
import type { NodeId } from '../../../src/model/ids.ts';
import type { NodeName } from '../../../src/model/name.ts';

function testItem(name: string): NamedItem {
  return { id: name as NodeId, name: name as NodeName };
}

test('what is in a folder is put in order once for each state of the tree', () => {
  const orders = new KeptOrders();
  let reads = 0;
  const read = (names: readonly string[]) => (): readonly NamedItem[] => {
    reads += 1;
    return names.map(testItem);
  };
  const names = (key: string, state: string, there: readonly string[]): readonly string[] | undefined =>
    orders.inOrder(key, state, read(there))?.map(({ name }) => name);
  expect(names('a', '1', ['Zoo', 'part 10', 'part 2', 'école'])).toEqual(['école', 'part 2', 'part 10', 'Zoo']);
  expect(names('a', '1', [])).toHaveLength(4);
  expect(names('b', '1', ['y', 'X'])).toEqual(['X', 'y']);
  expect(reads).toBe(2);
  expect(names('a', '2', ['b', 'a'])).toEqual(['a', 'b']);
  expect(reads).toBe(3);
});

test('a folder of twenty thousand is in that order too, and a larger one in none of ours', () => {
  const orders = new KeptOrders();
  const all = Array.from({ length: orderedMax + 1 }, (_, at) => testItem(`${at % 2 === 0 ? 'IMG' : 'img'} ${at}`));
  const read = (most: number): readonly NamedItem[] => all.slice(0, most);
  expect(
    orders
      .inOrder('a', '1', () => all.slice(1))
      ?.slice(0, 3)
      .map(({ name }) => name),
  ).toEqual(['img 1', 'IMG 2', 'img 3']);
  expect(orders.inOrder('b', '1', read)).toBeUndefined();
  // Known by now, without another look.
  expect(orders.inOrder('b', '1', () => [])).toBeUndefined();
  expect(orders.inOrder('b', '2', () => all.slice(0, 1))).toHaveLength(1);
});
