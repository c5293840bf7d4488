/** What a person asks for while much is brought, or sent: it is done between two batches, and changes nothing that would else come about. */
import { describe, expect, test } from 'vitest';
import { partAt, placeAt } from '../../src/agent/past/part-at.ts';
import { namesOf } from '../../src/agent/show/typed-path.ts';
import { Failure } from '../../src/base/failure.ts';
import type { EngineParts } from '../../src/engine/engine-parts.ts';
import type { Moment } from '../../src/engine/meanwhile.ts';
import { openConflicts } from '../../src/engine/open-conflicts.ts';
import { beginDecision, endDecision } from '../../src/engine/past/decision.ts';
import { restoreItems } from '../../src/engine/past/restore-items.ts';
import { settleGroup } from '../../src/engine/past/settle-conflict.ts';
import { readPast } from '../../src/index/past-reader.ts';
import { findRestorable } from '../../src/planner/find-restorable.ts';
import { versionsAt } from './history-world.ts';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';
import { smallPortions } from './small-portions.ts';

const filesCount = 60;
const portion = 8;

interface World {
  readonly vault: SimVault;
  readonly ann: SimDevice;
  readonly bob: SimDevice;
  readonly eve: SimDevice;
}

function filesOf({ user }: SimDevice): number {
  return Object.keys(user.texts()).length;
}

function fill({ user }: SimDevice, folder: string): void {
  user.makeFolder(folder);
  for (let file = 0; file < filesCount; file += 1) user.writeFile(`${folder}/${file}`, `${folder} ${file}`);
}

/** A conflict over `docs/x`, and `docs/old` that was replaced, known to all three; then ann adds much, which eve has nothing of. */
async function withMuch(): Promise<World> {
  const vault = new SimVault(63);
  vault.portions = smallPortions(portion);
  const [ann, bob, eve] = [new SimDevice(vault, 'ann'), new SimDevice(vault, 'bob'), new SimDevice(vault, 'eve')];
  ann.user.makeFolder('docs');
  ann.user.writeFile('docs/x', 'at first');
  ann.user.writeFile('docs/old', 'the old one');
  for (const device of [ann, bob]) await device.sync();
  ann.user.writeFile('docs/x', 'by ann');
  ann.user.writeFile('docs/old', 'the new one');
  bob.user.writeFile('docs/x', 'by bob');
  for (const device of [ann, bob, ann, eve]) await device.sync();
  fill(ann, 'much');
  await ann.sync();
  return { vault, ann, bob, eve };
}

async function expectAgreement({ ann, bob, eve }: World): Promise<void> {
  const devices = [ann, bob, eve].filter((device) => !device.isRemoved);
  for (let round = 0; round < 2; round += 1) for (const device of devices) await device.sync();
  for (const device of devices) {
    expect(device.user.texts()).toEqual(ann.user.texts());
    expect([device.index.dirty.count(), device.index.problems.list(9)]).toEqual([0, []]);
  }
}

type Act = (moment: Moment, parts: EngineParts) => Promise<void>;

/** As `resolve --keep local` does. */
const decide: Act = async (moment, { index, journal }) => {
  const { signal } = new AbortController();
  const find = (): ReturnType<typeof partAt> => ({ nodes: openConflicts(index).flatMap(({ copy, of }) => [copy, of]), paths: [] });
  await moment.settle(find);
  const { nodes } = find();
  await moment.entirely(async () => {
    const decision = beginDecision(index, nodes);
    await journal.commit({ groups: openConflicts(index).map((conflict) => settleGroup(index, conflict, 'local')), packs: [] }, signal);
    endDecision(index, decision);
  });
  await moment.settle(() => ({ nodes, paths: [] }));
};

/** As `restore docs/old --to` does. */
function bringBack(to: string): Act {
  return async (moment, parts) => {
    const { signal } = new AbortController();
    const names = namesOf(to);
    await moment.settle(() => partAt(parts.index, names));
    const items = [...findRestorable(readPast(parts.index), namesOf('docs/old'), 'last')];
    await restoreItems(parts, { items, to: names, signal });
    await moment.settle(() => placeAt(parts.index, names));
  };
}

/** The act, in the first moment in which so much is there. */
function onceWhen(isThere: () => boolean, act: Act): { asked: (...args: Parameters<Act>) => Promise<boolean> } {
  let isDone = false;
  const asked = async (...args: Parameters<Act>): Promise<boolean> => {
    if (isDone || !isThere()) return false;
    isDone = true;
    await act(...args);
    return true;
  };
  return { asked };
}

describe('while much is brought', () => {
  test('a conflict is decided before all of it has come, with what was edited here meanwhile', async () => {
    for (const isEdited of [false, true]) {
      const world = await withMuch();
      const { ann, eve } = world;
      let filesThen: number | undefined;
      const { asked } = onceWhen(
        () => filesOf(eve) >= 15,
        async (...moment) => {
          if (isEdited) eve.user.writeFile('docs/x', 'by eve');
          await decide(...moment);
          filesThen = filesOf(eve);
          expect(eve.user.texts('docs')).toEqual({ 'docs/old': 'the new one', 'docs/x': 'by bob' });
        },
      );
      await eve.sync({ asked });
      expect(filesThen, 'guard').toBeLessThan(filesCount / 2);
      await expectAgreement(world);
      expect(ann.user.texts('docs')).toEqual({ 'docs/old': 'the new one', 'docs/x': 'by bob' });
      expect(openConflicts(ann.index)).toEqual([]);
      expect(filesOf(ann)).toBe(filesCount + 2);
      const past = versionsAt(eve, 'docs/x').map(({ state }) => (state.kind === 'file' ? state.content.sizeBytes : 0));
      expect(past).toHaveLength(isEdited ? 4 : 3);
    }
  });

  test.each(['docs/old', 'docs/anew', `much/${filesCount - 1}`, 'new/folder/file'])(
    'an old version is brought back to %s, be it here yet or not',
    async (to) => {
      const world = await withMuch();
      const { ann, eve } = world;
      let filesThen: number | undefined;
      const { asked } = onceWhen(
        () => filesOf(eve) >= 15,
        async (...moment) => {
          await bringBack(to)(...moment);
          filesThen = filesOf(eve);
          expect(eve.user.readText(to)).toBe('the old one');
        },
      );
      await eve.sync({ asked });
      expect(filesThen, 'guard').toBeLessThan(filesCount / 2);
      await expectAgreement(world);
      expect(ann.user.readText(to)).toBe('the old one');
      expect(filesOf(ann)).toBe(filesCount + 3 + (to === 'docs/old' || to.startsWith('much') ? 0 : 1));
    },
  );

  test('what is asked for and is not to be had stops nothing', async () => {
    const world = await withMuch();
    const { eve } = world;
    let failure: unknown;
    const { asked } = onceWhen(
      () => filesOf(eve) >= 15,
      async (moment) => {
        failure = await moment
          .settle(() => {
            throw new Failure('E_NOT_FOUND', 'no such thing');
          })
          .catch((error: unknown) => error);
      },
    );
    expect(await eve.sync({ asked })).toBe('done');
    expect(failure).toMatchObject({ code: 'E_NOT_FOUND' });
    expect(filesOf(eve)).toBe(filesCount + 3);
    await expectAgreement(world);
  });

  test('what only the next run can end, where it fails, ends this one with the same', async () => {
    const world = await withMuch();
    const { eve } = world;
    const { asked } = onceWhen(
      () => filesOf(eve) >= 15,
      (moment) => moment.entirely(() => Promise.reject(new Failure('E_STORE_UNREACHABLE', 'away'))),
    );
    const run = eve.sync({ asked: (...moment) => asked(...moment).catch(() => true) });
    await expect(run).rejects.toMatchObject({ code: 'E_STORE_UNREACHABLE' });
    expect(filesOf(eve), 'guard').toBeLessThan(filesCount / 2);
    await expectAgreement(world);
  });

  test('killed, without power or failing anywhere meanwhile, all is as it would be', { timeout: 120_000 }, async () => {
    for (const what of ['decided', 'brought back'] as const) {
      for (const trouble of ['kill', 'power', { errno: 'EIO' }] as const) {
        for (let at = 0, isOver = false; !isOver; at += 31) {
          const world = await withMuch();
          const { ann, bob, eve } = world;
          let calls = 0;
          let begun = false;
          let isBroughtBack = false;
          const { asked } = onceWhen(
            () => filesOf(eve) >= 15,
            async (...moment) => {
              begun = true;
              await (what === 'decided' ? decide : bringBack('much/59'))(...moment);
              isBroughtBack = what === 'brought back';
              begun = false;
            },
          );
          const run = eve.sync({
            asked: (...moment) => asked(...moment).catch(() => true),
            disturb: (call) => {
              if (begun) calls += 1;
              return begun && calls === at + 1 && (trouble === 'kill' || trouble === 'power' || call.port === 'disk') ? trouble : undefined;
            },
          });
          await run.catch(() => undefined);
          isOver = calls <= at;
          await expectAgreement(world);
          const texts = ann.user.texts();
          const names = Object.keys(texts);
          const [where, ...details] = [`${what}, ${JSON.stringify(trouble)} at ${at}`, names.length];
          expect(names.filter((path) => path.includes('conflict')).length, where).toBe(openConflicts(ann.index).length);
          expect(details, where).toEqual([filesCount + 2 + openConflicts(ann.index).length]);
          if (openConflicts(ann.index).length === 0) expect(texts['docs/x'], where).toBe('by bob');
          if (isBroughtBack) expect(texts['much/59'], where).toBe('the old one');
          for (const device of [ann, bob, eve]) device.retire();
        }
      }
    }
  });
});

test('while much is sent, a device is removed, and what follows is not for it', async () => {
  const world = await withMuch();
  const { ann, bob, eve } = world;
  await eve.sync();
  fill(ann, 'more');
  const files = ann.index.remote.count().files;
  const epochs: number[] = [];
  const { asked } = onceWhen(
    () => ann.index.remote.count().files > files + portion,
    async (_moment, parts) => {
      epochs.push(parts.currentEpoch());
      await ann.removeMeanwhile(bob, parts);
      epochs.push(parts.currentEpoch());
    },
  );
  await ann.sync({ asked });
  expect(epochs[1]).toBeGreaterThan(epochs[0] ?? 0);
  await expectAgreement(world);
  expect(filesOf(eve)).toBe(2 * filesCount + 3);
});
