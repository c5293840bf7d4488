import { describe, expect, test } from 'vitest';
import { utf8 } from '../../../src/base/bytes.ts';
import { entryName, parseId, rootId, versionOf, type DeviceId, type NodeId } from '../../../src/model/ids.ts';
import type { EntryMark } from '../../../src/model/journal-book.ts';
import type { NodeName } from '../../../src/model/name.ts';
import { openBook } from './journal-world.ts';

const [laptop, desk] = ['a', 'b'].map((digit) => parseId('DeviceId', digit.repeat(32))) as [DeviceId, DeviceId];

function mark(device: DeviceId, counter: number, lamport: number, changes: Partial<EntryMark> = {}): EntryMark {
  return {
    name: entryName(lamport, `${device.slice(0, 12)}${String(counter).padStart(4, '0')}`),
    lamport,
    hash: parseId('EntryHash', `${device}${String(counter).padStart(32, '0')}`),
    device,
    counter,
    mine: false,
    speaks: false,
    arrivedMs: 1000,
    timeMs: -5,
    ...changes,
  };
}

const content = { header: utf8('header'), body: utf8('a body') };

describe.each(['memory', 'index'] as const)('a book in the %s', (kind) => {
  test('gives entries by name, by place in their chain, and in fold order', () => {
    const book = openBook(kind);
    const entries = [
      mark(laptop, 1, 1),
      mark(laptop, 2, 3, { mine: true, speaks: true }),
      mark(desk, 1, 3),
      mark(desk, 2, 7, { speaks: true }),
    ];
    const [first, second, third, fourth] = entries as [EntryMark, EntryMark, EntryMark, EntryMark];
    book.transaction(() => {
      for (const entry of [fourth, second, first, third]) book.addEntry(entry, content);
    });
    for (const entry of entries) {
      expect(book.findEntry(entry.name)).toEqual(entry);
      expect(book.findAt(entry.device, entry.counter)).toEqual(entry);
    }
    expect(book.findEntry(entryName(9, '0'.repeat(16)))).toBeUndefined();
    expect(book.findAt(laptop, 3)).toBeUndefined();
    expect(book.marksAfter({ lamport: 1, hash: first.hash }, 10)).toEqual([second, third, fourth]);
    expect(book.marksAfter({ lamport: 0, hash: first.hash }, 2)).toEqual([first, second]);
    expect(book.lastBefore(undefined)).toEqual(fourth);
    expect(book.lastBefore(fourth)).toEqual(third);
    expect(book.lastBefore(third)).toEqual(second);
    expect(book.lastBefore(first)).toBeUndefined();
    expect(book.speakersAfter(0)).toEqual([second, fourth]);
    expect(book.speakersAfter(3)).toEqual([fourth]);
    expect(book.namesFrom(3)).toEqual([second.name, third.name, fourth.name].toSorted());
    expect(book.sizeAfter(1)).toEqual({ entries: 3, bodyBytes: 18 });
  });

  test('moves heads on, never back', () => {
    const book = openBook(kind);
    book.transaction(() => {
      book.addEntry(mark(laptop, 3, 5), content);
      book.addEntry(mark(laptop, 2, 4), content);
      const { hash } = mark(desk, 9, 9);
      book.setHead(desk, { counter: 9, hash, lamport: undefined, name: undefined, arrivedMs: 2000, timeMs: undefined });
    });
    expect(book.heads().get(laptop)).toMatchObject({ counter: 3, lamport: 5, arrivedMs: 1000, timeMs: -5 });
    expect(book.heads().get(desk)).toEqual({
      counter: 9,
      hash: mark(desk, 9, 9).hash,
      lamport: undefined,
      name: undefined,
      arrivedMs: 2000,
      timeMs: undefined,
    });
  });

  test('keeps headers for ever, bodies and traces until they are forgotten', () => {
    const book = openBook(kind);
    const [low, high] = [mark(laptop, 1, 1), mark(laptop, 2, 2)];
    book.transaction(() => {
      book.addEntry(low, content);
      book.addEntry(high, { header: utf8('other'), body: undefined });
      book.setTrace(low.name, 'a trace');
      book.setTrace(high.name, 'gone');
      book.setTrace(high.name, undefined);
    });
    expect([...book.readBody(low.name)]).toEqual([...content.body]);
    expect(() => book.readBody(high.name)).toThrow(expect.objectContaining({ code: 'E_INDEX_DAMAGED' }));
    expect([book.findTrace(low.name), book.findTrace(high.name)]).toEqual(['a trace', undefined]);
    book.transaction(() => {
      book.forgetBodies(1);
    });
    expect(() => book.readBody(low.name)).toThrow();
    expect(book.findTrace(low.name)).toBeUndefined();
    expect([...book.readHeader(low.name)]).toEqual([...content.header]);
  });

  test('takes the same entry only once', () => {
    const book = openBook(kind);
    const add = (entry: EntryMark): void => {
      book.transaction(() => {
        book.addEntry(entry, content);
      });
    };
    add(mark(laptop, 1, 1));
    expect(() => {
      add(mark(laptop, 1, 1));
    }).toThrow();
    expect(() => {
      add(mark(laptop, 1, 2));
    }).toThrow();
    expect(book.sizeAfter(0).entries).toBe(1);
  });

  test('undoes all that a failed transaction wrote, the tree included', () => {
    const book = openBook(kind);
    const node = {
      id: 'c'.repeat(32) as NodeId,
      version: versionOf(mark(laptop, 1, 1).name, 0),
      state: { kind: 'folder', parent: rootId, name: 'x' as NodeName },
    } as const;
    book.transaction(() => {
      book.writeFact('met', utf8('before'));
      book.writeRecord('conflict', 'key', '1');
    });
    expect(() => {
      book.transaction(() => {
        book.addEntry(mark(laptop, 1, 1), content);
        book.tree.write(node);
        book.writeFact('met', utf8('after'));
        book.writeRecord('conflict', 'key', undefined);
        throw new Error('no');
      });
    }).toThrow('no');
    expect(book.sizeAfter(0).entries).toBe(0);
    expect(book.heads().size).toBe(0);
    expect(book.tree.find(node.id)).toBeUndefined();
    expect([...(book.readFact('met') ?? [])]).toEqual([...utf8('before')]);
    expect(book.findRecord('conflict', 'key')).toBe('1');
  });

  test('gives nodes by id and records by key', () => {
    const book = openBook(kind);
    const ids = ['e', 'c', 'd'].map((digit) => parseId('NodeId', digit.repeat(32)));
    book.transaction(() => {
      for (const id of ids) {
        book.tree.write({
          id,
          version: versionOf(mark(laptop, 1, 1).name, 0),
          state: { kind: 'folder', parent: rootId, name: id.slice(0, 3) as NodeName },
        });
        book.writeRecord('pack-plan', id, '{}');
      }
      book.writeRecord('retention', '', '30');
    });
    expect(book.nodesAfter(undefined, 2).map(({ id }) => id[0])).toEqual(['c', 'd']);
    expect(book.nodesAfter(ids[2], 2).map(({ id }) => id[0])).toEqual(['e']);
    expect([...book.records('pack-plan').keys()].map((key) => key[0])).toEqual(['c', 'd', 'e']);
    expect([...book.records('retention')]).toEqual([['', '30']]);
  });
});
