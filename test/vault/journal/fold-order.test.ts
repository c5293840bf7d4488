import { describe, expect, test } from 'vitest';
import { parseVersion, versionOf, type NodeId, type Version } from '../../../src/model/ids.ts';
import { parseBody } from '../../../src/vault/entry/parse-body.ts';
import { conflictFromText, traceFromText } from '../../../src/vault/journal/fold/fold-state.ts';
import { SeededChoice } from '../../world/seeded-choice.ts';
import { Author, type Forged } from './forge.ts';
import { closureFor, makeHistory, type History } from './histories.ts';
import { findTreeFault, inOrder, plainFold, type PlainState } from './plain-fold.ts';

const seeds = Array.from({ length: 16 }, (_, seed) => seed + 1);

function stateOf(author: Author): PlainState {
  const conflicts = [...author.book.records('conflict')].map(
    ([copy, text]) => [copy as NodeId, conflictFromText(text).settled ?? 'open'] as const,
  );
  const nodes = [...author.book.tree.nodes].map(([id, { version, state }]) => [id, { version, state }] as const);
  return { nodes: new Map(nodes), conflicts: new Map(conflicts) };
}

/** A reader who gets everything, each time another way; checked after each batch. */
function readInParts({ entries }: History, choice: SeededChoice, check: (known: readonly Forged[], reader: Author) => void): Author {
  const reader = new Author(choice);
  const known: Forged[] = [];
  for (;;) {
    const unknown = entries.filter((entry) => reader.lacks(entry));
    if (unknown.length === 0) return reader;
    const wanted = unknown.filter(() => choice.fraction() < 0.2);
    const batch = closureFor(reader, entries, wanted.length === 0 ? unknown.slice(0, 1) : wanted);
    reader.receive(batch);
    known.push(...batch);
    check(known, reader);
  }
}

describe.each([
  { title: 'plain entries', hasCheckpoints: false, hasSkips: false },
  { title: 'entries that are given up', hasCheckpoints: false, hasSkips: true },
  { title: 'checkpoints that leave things out', hasCheckpoints: true, hasSkips: false },
  { title: 'checkpoints and entries given up', hasCheckpoints: true, hasSkips: true },
])('$title', (kind) => {
  test.each(seeds)('mean the same in every order and batching (seed %i)', (seed) => {
    const history = makeHistory({ seed, authors: 3, steps: 40, ...kind });
    for (let order = 0; order < 3; order += 1) {
      readInParts(history, new SeededChoice(seed * 100 + order), (known, reader) => {
        const wanted = plainFold(known);
        expect(findTreeFault(wanted)).toBeUndefined();
        expect(stateOf(reader)).toEqual(wanted);
      });
    }
  });

  test.each(seeds)('tell the author of its own changes so that its base follows (seed %i)', (seed) => {
    const { authors, entries } = makeHistory({ seed, authors: 3, steps: 40, ...kind });
    for (const author of authors) {
      author.receive(closureFor(author, entries, entries));
      expect(stateOf(author)).toEqual(plainFold(entries));
      const applied = appliedUpon(author);
      for (const [node, version] of author.baseAtWrite) {
        // From the version that own changes had led to, back to the last one that still counts, or was somebody else's.
        let wanted: Version | undefined = version;
        while (wanted !== undefined && isBy(author, wanted) && !applied.has(wanted)) wanted = uponOf(entries, wanted);
        // And on to what counts again by now.
        for (
          let next = nextOwn(author, { node, upon: wanted }, applied);
          next !== undefined && wanted !== undefined;
          next = nextOwn(author, { node, upon: wanted }, applied)
        )
          wanted = next.version;
        expect(author.ears.base.get(node)).toBe(wanted);
      }
    }
  });
});

/** One that it gave up and that turned up after it had said so is to it like anybody's. */
function isBy(author: Author, version: Version): boolean {
  return author.book.findEntry(parseVersion(version).entry)?.mine === true;
}

function entryOf(entries: readonly Forged[], version: Version): Forged | undefined {
  return entries.find(({ header }) => header.name === parseVersion(version).entry);
}

/** The version that the change giving this one was made upon. */
function uponOf(entries: readonly Forged[], version: Version): Version | undefined {
  const change = entryOf(entries, version)?.body.groups.flat()[parseVersion(version).index];
  return change !== undefined && 'upon' in change ? change.upon : undefined;
}

/** What an own change made of the node upon that version, where it counts; its version is undefined where it removed the node. */
function nextOwn(
  author: Author,
  { node, upon }: { readonly node: NodeId; readonly upon: Version | undefined },
  applied: ReadonlySet<Version>,
): { readonly version: Version | undefined } | undefined {
  for (const { name } of author.marks().filter(({ mine }) => mine)) {
    for (const [index, change] of parseBody(author.book.readBody(name)).groups.flat().entries()) {
      if (!('upon' in change) || change.node !== node || change.upon !== upon || !applied.has(versionOf(name, index))) continue;
      return { version: change.do === 'remove' ? undefined : versionOf(name, index) };
    }
  }
  return undefined;
}

/** Versions that the author's fold gave to nodes. */
function appliedUpon(author: Author): ReadonlySet<Version> {
  const versions = new Set<Version>();
  for (const mark of author.marks()) {
    const trace = traceFromText(author.book.findTrace(mark.name) ?? '"skipped"');
    let index = 0;
    for (const [at, group] of parseBody(author.book.readBody(mark.name)).groups.entries()) {
      for (let change = 0; change < group.length; change += 1, index += 1) {
        if (typeof trace !== 'string' && typeof trace[at] !== 'string') versions.add(versionOf(mark.name, index));
      }
    }
  }
  return versions;
}

test('the histories hold every way in which a change can be void', () => {
  const reasons = new Map<string, number>();
  for (const seed of seeds) {
    const { entries } = makeHistory({ seed, authors: 3, steps: 40, hasCheckpoints: true, hasSkips: true });
    const reader = new Author(new SeededChoice(seed));
    reader.receive(entries);
    for (const { name } of reader.marks()) {
      const trace = traceFromText(reader.book.findTrace(name) ?? '"skipped"');
      for (const reason of typeof trace === 'string' ? [trace] : trace.filter((group) => typeof group === 'string')) {
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      }
    }
  }
  for (const reason of ['changed', 'name-taken', 'no-parent', 'cycle', 'not-empty', 'no-conflict', 'checkpoint', 'skipped']) {
    expect({ reason, isFrequent: (reasons.get(reason) ?? 0) > 2 }).toEqual({ reason, isFrequent: true });
  }
});

test('every order of six entries gives the same tree and root', () => {
  for (const seed of [3, 5, 8]) {
    const history = makeHistory({ seed, authors: 3, steps: 16, hasCheckpoints: true, hasSkips: true });
    const entries = inOrder(history.entries).slice(0, 6);
    const roots = new Set<string>();
    for (const order of permutations(entries)) {
      const reader = new Author(new SeededChoice(1));
      for (const entry of order) {
        const batch = closureFor(reader, entries, [entry]);
        if (batch.length > 0) reader.receive(batch);
      }
      roots.add(reader.root);
    }
    expect(entries.length).toBe(6);
    expect(roots.size).toBe(1);
  }
});

function* permutations<Item>(items: readonly Item[]): Generator<readonly Item[], void> {
  if (items.length <= 1) yield items;
  for (const [at, item] of items.entries()) {
    for (const rest of permutations(items.filter((_, other) => other !== at))) yield [item, ...rest];
  }
}
