import { expect, test } from 'vitest';

import { withKnownEntries } from '../../src/agent/past/known-entries.ts';
import { utf8 } from '../../src/base/bytes.ts';
import { seededRandom } from '../crypto/fixed-random.ts';
import { LeapingClock } from '../store/leaping-clock.ts';
import { MemoryStore } from '../world/memory-store.ts';

const known = ['journal/000000000001-aa', 'journal/000000000001-bb', 'journal/000000000007-aa', 'journal/000000000009-cc'];

test('a listing shows what is known, page by page, whatever the store says', async () => {
  const poor = new MemoryStore({ clock: new LeapingClock(), random: seededRandom('known'), faults: { staleListMs: 1000 } });
  for (const name of [...known, 'journal/000000000010-dd']) await poor.putNew(name, [utf8(name)]);
  const store = withKnownEntries(poor, known);
  for (const limit of [1, 2, 3, 4, 1000]) {
    const seen: string[] = [];
    for (let more = true; more;) {
      const page = await store.list('journal/', { after: seen.at(-1), limit });
      seen.push(...page.names);
      more = page.more;
    }
    expect(seen).toEqual(known);
  }
  expect(await store.list('journal/', { after: 'journal/000000000002', limit: 1 })).toEqual({ names: [known[2]], more: true });
  expect(await store.list('journal/', { after: known[3], limit: 1 })).toEqual({ names: [], more: false });
  expect(await store.get('journal/000000000001-aa', { maxBytes: 100 })).toEqual(utf8('journal/000000000001-aa'));
});
