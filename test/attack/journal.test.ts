import { describe, expect, test, vi } from 'vitest';
import { checkAgreement, checkHeals, checkRefused, checkUnharmed, damageCodes } from './check-refusal.ts';
import { openTwoVaults } from './open-vault.ts';
import { edits, fewOf, flippedAt, rare, timely, type Accomplices, type StoreEdit } from './store-edits.ts';
import type { VaultFixture } from './vault-fixture.ts';

vi.mock('../../src/agent/threads/threaded-workshop.ts', () => import('./inline-workshop.ts'));

const { fixture, other } = await openTwoVaults();

/** An entry is `u32 length ‖ sealed header ‖ sealed body`; a sealed part has 82 bytes beside its text, a header 1,024 of that. */
const headerAt = 4;
const bodyAt = headerAt + 82 + 1024;
const entryEdits: readonly StoreEdit[] = [
  ...edits,
  flippedAt(3, "the length of its header's seal"),
  ...partEdits(headerAt, 'header'),
  ...partEdits(bodyAt, 'body'),
  flippedAt(-1, 'its last byte'),
];

function partEdits(start: number, part: string): StoreEdit[] {
  return [
    flippedAt(start, `its ${part}'s magic`, rare),
    flippedAt(start + 4, `its ${part}'s version`, rare),
    flippedAt(start + 5, `its ${part}'s type`, rare),
    flippedAt(start + 9, `its ${part}'s epoch`),
    flippedAt(start + 10, `its ${part}'s nonce`, rare),
    flippedAt(start + 40, `its ${part}'s commitment`, rare),
    flippedAt(start + 70, `its ${part}'s mac`, rare),
    flippedAt(start + 200, `its ${part}'s text`),
  ];
}

const places = ['first', 'middle', 'last'] as const;
type Place = (typeof places)[number];

/** The entry that the laptop published first, second or last of what the desk does not know. */
function newEntry(of: VaultFixture, place: Place): string {
  const name = of.grown[1 + places.indexOf(place)]?.find((candidate) => candidate.startsWith('journal/'));
  if (name === undefined) throw new Error(`no ${place} entry`);
  return name;
}

function knownEntries(of: VaultFixture): string[] {
  return of.grown[0]?.filter((name) => name.startsWith('journal/')) ?? [];
}

function accomplices(place: Place): Accomplices {
  return {
    sameKind: newEntry(fixture, place === 'middle' ? 'last' : 'middle'),
    otherKind: fixture.grown[1]?.find((name) => name.startsWith('packs/')) ?? '',
    otherVault: other.savedStore('ahead').read(newEntry(other, place)),
  };
}

/** What is not there can't be told from what was never written, until somebody builds on it. */
function isWithheld(place: Place, { leavesBytes }: StoreEdit): boolean {
  return place === 'last' && !leavesBytes;
}

describe('A15, A17, A27: an entry that the desk has not seen', () => {
  const cases = places.flatMap((place) => {
    const some = place === 'last' ? timely(entryEdits) : fewOf(entryEdits, /half|nothing|kind|gone|header's text|body's text/);
    return some.filter((edit) => !isWithheld(place, edit)).map((edit) => ({ place, edit, title: edit.title }));
  });

  test('guard: the parts of an entry are where the offsets say', () => {
    const bytes = fixture.store.read(newEntry(fixture, 'first'));
    expect(bytes.readUInt32BE()).toBe(bodyAt - headerAt);
    for (const start of [headerAt, bodyAt]) expect(bytes.subarray(start, start + 4).toString()).toBe('CCH1');
  });

  test.each(cases)('the $place one $title', async ({ place, edit }) => {
    fixture.restore('ahead');
    edit.apply(fixture.store, newEntry(fixture, place), accomplices(place));
    await checkRefused(fixture, 'desk', edit.title.includes("header's epoch") ? ['E_EPOCH'] : damageCodes);
    await checkHeals(fixture, 'desk');
  });

  test('A24: the newest one is withheld: what is shown is taken, and the rest when it comes', async () => {
    fixture.restore('ahead');
    fixture.store.remove(newEntry(fixture, 'last'));
    expect(await fixture.cli('desk', 'sync')).toMatchObject({ exitCode: 0, stderr: '' });
    await checkHeals(fixture, 'desk');
  });
});

describe('A15, A17, A27: an entry that the device has folded already', () => {
  const known = [
    { device: 'desk', which: 'the first of all', name: () => knownEntries(fixture)[0] ?? '' },
    { device: 'desk', which: 'the last known', name: () => knownEntries(fixture).at(-1) ?? '' },
    { device: 'laptop', which: 'the last of its own', name: () => newEntry(fixture, 'last') },
    { device: 'laptop', which: 'one in the middle', name: () => newEntry(fixture, 'middle') },
  ] as const;

  test.each(known)('$which is gone: the $device knows better', async ({ device, name }) => {
    fixture.restore('ahead');
    fixture.store.remove(name());
    await checkRefused(fixture, device, ['E_MISSING', 'E_ROLLBACK']);
    await checkHeals(fixture, device);
  });

  const changing = fewOf(entryEdits, /half|another vault|text/).filter(({ leavesBytes }) => leavesBytes);
  const changed = known.flatMap((one) => changing.map((edit) => ({ ...one, edit, title: edit.title })));

  test.each(changed)('$which $title: the $device does not read it again, `verify` does', async ({ device, name, edit }) => {
    fixture.restore('ahead');
    const target = name();
    const sameKind = knownEntries(fixture).find((candidate) => candidate !== target) ?? '';
    const otherVault = other.savedStore('ahead').read(newEntry(other, 'last'));
    edit.apply(fixture.store, target, { sameKind, otherKind: 'hint', otherVault });
    if (device === 'laptop') {
      const outcome = await checkUnharmed(fixture, device, () => fixture.cli(device, 'sync'));
      expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
    }
    const verified = await fixture.cli(device, 'verify', '--json');
    expect(verified).toMatchObject({ exitCode: 5, stdout: expect.stringContaining(target) as string });
    if (device === 'desk') await checkAgreement(fixture, device);
    await checkHeals(fixture, device);
    expect((await fixture.cli(device, 'verify')).exitCode).toBe(0);
  });
});

describe('A27: journal surgery', () => {
  const doubles = places.flatMap((one, at) => places.slice(at + 1).map((two) => ({ one, two })));

  test.each(doubles)('the $one and the $two new entry are gone', async ({ one, two }) => {
    fixture.restore('ahead');
    for (const place of [one, two]) fixture.store.remove(newEntry(fixture, place));
    await checkRefused(fixture, 'laptop', ['E_MISSING', 'E_ROLLBACK']);
    const isShorter = one === 'middle';
    if (isShorter) expect((await fixture.cli('desk', 'sync')).exitCode, 'a shorter history is one, too').toBe(0);
    else await checkRefused(fixture, 'desk', ['E_MISSING']);
    await checkHeals(fixture, 'desk');
  });

  test.each(places)('the %s new entry gets another number', async (place) => {
    const { name, again } = publishAgain(place);
    fixture.store.remove(name);
    await checkRefused(fixture, 'desk', damageCodes);
    fixture.store.remove(again);
    await checkHeals(fixture, 'desk');
  });

  test.each(places)('the %s new entry stands there a second time, with another number', async (place) => {
    const { again } = publishAgain(place);
    for (const device of ['desk', 'laptop'] as const) await checkRefused(fixture, device, damageCodes);
    fixture.store.remove(again);
    await checkHeals(fixture, 'desk');
  });

  test("the header of one entry before the body of another, and an entry's body left out", async () => {
    fixture.restore('ahead');
    const name = newEntry(fixture, 'last');
    const [one, two] = [fixture.store.read(newEntry(fixture, 'first')), fixture.store.read(name)];
    for (const bytes of [Buffer.concat([two.subarray(0, bodyAt), one.subarray(bodyAt)]), two.subarray(0, bodyAt)]) {
      fixture.store.write(name, bytes);
      await checkRefused(fixture, 'desk', damageCodes);
    }
    await checkHeals(fixture, 'desk');
  });
});

/** The entry's bytes stand a second time, under a number some after the last: nobody has it. */
function publishAgain(place: Place): { readonly name: string; readonly again: string } {
  fixture.restore('ahead');
  const name = newEntry(fixture, place);
  const [, lamport, tag] = /^journal\/(\d{12})-([0-9a-f]{16})$/.exec(name) ?? [];
  const again = `journal/${String(Number(lamport) + 10).padStart(12, '0')}-${tag ?? ''}`;
  fixture.store.write(again, fixture.store.read(name));
  return { name, again };
}
