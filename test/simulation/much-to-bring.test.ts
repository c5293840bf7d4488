import { describe, expect, test } from 'vitest';
import { rootId } from '../../src/model/ids.ts';
import type { NodeName } from '../../src/model/name.ts';
import { SimDevice } from './sim-device.ts';
import type { Disturb } from './sim-process.ts';
import { SimVault } from './sim-vault.ts';
import { smallPortions } from './small-portions.ts';

const filesCount = 60;
const portion = 8;

interface World {
  readonly vault: SimVault;
  readonly ann: SimDevice;
  readonly eve: SimDevice;
}

/** A vault in which much more is than is brought together; eve has nothing of it yet. */
async function withMuch(): Promise<World> {
  const vault = new SimVault(61);
  vault.portions = smallPortions(portion);
  const [ann, eve] = [new SimDevice(vault, 'ann'), new SimDevice(vault, 'eve')];
  for (const folder of ['a', 'b']) {
    ann.user.makeFolder(folder);
    for (let file = 0; file < filesCount / 2; file += 1) ann.user.writeFile(`${folder}/${file}`, `${folder} ${file}`);
  }
  await ann.sync();
  return { vault, ann, eve };
}

function filesOf({ user }: SimDevice): number {
  return Object.keys(user.texts()).length;
}

async function expectAgreement({ ann, eve }: World): Promise<void> {
  for (const device of [ann, eve, ann, eve]) await device.sync();
  expect(eve.user.texts()).toEqual(ann.user.texts());
  expect([ann, eve].map(({ index }) => [index.dirty.count(), index.problems.list(9)])).toEqual([
    [0, []],
    [0, []],
  ]);
}

interface WhenThere {
  readonly disturb: Disturb;
  readonly meanwhile: () => readonly string[];
}

/** Once so many files are there, `act` is done, and its paths are told of between the next batches, once. */
function whenThere(eve: SimDevice, files: number, act: () => readonly string[]): WhenThere {
  let told: readonly string[] | undefined;
  let isTold = false;
  return {
    disturb: () => {
      if (told === undefined && filesOf(eve) >= files) told = act();
      return undefined;
    },
    meanwhile: () => {
      if (told === undefined || isTold) return [];
      isTold = true;
      return told;
    },
  };
}

describe('while much is brought', () => {
  test('what a person saves meanwhile is in the vault before all of it has come', async () => {
    const world = await withMuch();
    const { ann, eve, vault } = world;
    const entries = vault.medium.names('journal/').length;
    let filesThen: number | undefined;
    const { disturb, meanwhile } = whenThere(eve, 10, () => {
      eve.user.writeFile('mine', 'by eve');
      eve.user.writeFile('a/0', 'edited by eve');
      return ['mine', 'a/0'];
    });
    await eve.sync({
      meanwhile,
      disturb: (call) => {
        if (vault.medium.names('journal/').length > entries) filesThen ??= filesOf(eve);
        return disturb(call);
      },
    });
    expect(filesThen).toBeLessThan(10 + 3 * portion);
    await expectAgreement(world);
    expect([ann.user.readText('mine'), ann.user.readText('a/0')]).toEqual(['by eve', 'edited by eve']);
  });

  test('a folder that is being filled is not listed anew for what each batch put there, which a watcher tells of', async () => {
    const files = 1200;
    const vault = new SimVault(64);
    vault.portions = smallPortions(100);
    const [ann, eve] = [new SimDevice(vault, 'ann'), new SimDevice(vault, 'eve')];
    for (let file = 0; file < files; file += 1) ann.user.writeFile(`${file}`, `text ${file}`);
    await ann.sync();
    let looks = 0;
    const told = new Set<string>();
    await eve.sync({
      disturb: ({ verb }) => {
        if (verb === 'lstat') looks += 1;
        return undefined;
      },
      meanwhile: () => {
        const news = Object.keys(eve.user.texts()).filter((path) => !told.has(path));
        for (const path of news) told.add(path);
        return news;
      },
    });
    expect([filesOf(eve), told.size]).toEqual([files, files]);
    // Listed after each of the 12 batches, it takes ten and a half for each file.
    expect(looks).toBeLessThan(files * 8);
  });

  test('and so while much is sent', async () => {
    const vault = new SimVault(62);
    vault.portions = smallPortions(portion);
    const [ann, eve] = [new SimDevice(vault, 'ann'), new SimDevice(vault, 'eve')];
    for (let file = 0; file < filesCount; file += 1) ann.user.writeFile(`${file}`, `text ${file}`);
    const sizeThere = (): number | undefined => {
      const there = ann.index.remote.childNamed(rootId, '0' as NodeName)?.state;
      return there?.kind === 'file' ? there.content.sizeBytes : undefined;
    };
    let told: string[] | undefined;
    let filesThen: number | undefined;
    await ann.sync({
      disturb: () => {
        if (sizeThere() === 'text 0'.length && told === undefined) {
          ann.user.writeFile('0', 'edited by ann');
          told = ['0'];
        }
        if (sizeThere() === 'edited by ann'.length) filesThen ??= ann.index.remote.count().files;
        return undefined;
      },
      meanwhile: () => told?.splice(0) ?? [],
    });
    expect(filesThen).toBeLessThan(3 * portion);
    await expectAgreement({ vault, ann, eve });
    expect(eve.user.readText('0')).toBe('edited by ann');
  });

  test.each(['moved', 'removed', 'folder moved', 'folder removed', 'in the way'] as const)(
    'whatever a person does there holds, told of or not: %s',
    async (what) => {
      for (const isHeard of [true, false]) {
        const world = await withMuch();
        const { ann, eve } = world;
        const { disturb, meanwhile } = whenThere(eve, 20, () => {
          const [first = ''] = Object.keys(eve.user.texts('a')).toSorted();
          if (what === 'moved') eve.user.rename(first, 'here');
          if (what === 'removed') eve.user.remove(first);
          if (what === 'folder moved') eve.user.rename('a', 'c');
          if (what === 'folder removed') eve.user.removeTree('a');
          if (what === 'in the way') {
            for (let file = 0; file < filesCount / 2; file += 1)
              if (!eve.user.exists(`b/${file}`)) eve.user.writeFile(`b/${file}`, 'in the way');
          }
          return [first, 'here', 'a', 'c', 'b'];
        });
        await eve.sync({ disturb, ...(isHeard ? { meanwhile } : {}) });
        await expectAgreement(world);
        const texts = ann.user.texts();
        const [named, all] = [Object.keys(texts), Object.values(texts)];
        if (what === 'moved') expect(['here' in texts, named.length]).toEqual([true, filesCount]);
        if (what === 'removed') expect(named).toHaveLength(filesCount - 1);
        if (what === 'folder moved') expect([named.some((path) => path.startsWith('a/')), named.length]).toEqual([false, filesCount]);
        if (what === 'in the way') {
          expect(named.filter((path) => path.includes('conflict')).length).toBe(all.filter((text) => text === 'in the way').length);
          expect(all.filter((text) => text === 'in the way').length).toBeGreaterThan(0);
          expect(all.filter((text) => text.startsWith('b '))).toHaveLength(filesCount / 2);
        }
      }
    },
  );

  test('a folder that is left out meanwhile does not come first, and what was edited in it is in the vault', async () => {
    for (const isEdited of [false, true]) {
      const world = await withMuch();
      const { ann, eve } = world;
      const folder = ann.index.remote.childNamed(rootId, 'b' as NodeName)?.id ?? rootId;
      let most = 0;
      let edited = '';
      let isChosen = false;
      await eve.sync({
        disturb: () => {
          most = Math.max(most, filesOf(eve));
          return undefined;
        },
        asked: (_moment, { index }) => {
          const [first] = Object.keys(eve.user.texts()).filter((path) => path.startsWith('b/'));
          if (isChosen || first === undefined) return Promise.resolve(false);
          isChosen = true;
          if (isEdited) eve.user.writeFile(first, 'edited by eve');
          edited = first;
          index.leftOut.choose(folder, 'left-out');
          return Promise.resolve(false);
        },
      });
      expect(most, 'guard').toBeLessThan(filesCount);
      for (const device of [eve, ann, eve]) await device.sync();
      expect(Object.keys(eve.user.texts()).every((path) => path.startsWith('a/'))).toBe(true);
      expect(filesOf(eve)).toBe(filesCount / 2);
      expect(filesOf(ann)).toBe(filesCount);
      if (isEdited) expect(ann.user.readText(edited)).toBe('edited by eve');
      expect(Object.keys(ann.user.texts()).filter((path) => path.includes('conflict'))).toEqual([]);
      eve.index.leftOut.choose(folder, 'included');
      await expectAgreement(world);
    }
  });

  test('killed, without power or failing wherever it looks at that, all is as it would be', async () => {
    for (const trouble of ['kill', 'power', { errno: 'EIO' }] as const) {
      for (let at = 0, isOver = false; !isOver; at += 17) {
        const world = await withMuch();
        const { ann, eve } = world;
        const { disturb, meanwhile } = whenThere(eve, 10, () => {
          const [first = ''] = Object.keys(eve.user.texts('a')).toSorted();
          eve.user.rename(first, 'here');
          eve.user.writeFile('mine', 'by eve');
          eve.disk.kernel.writeBack();
          return [first, 'here', 'mine'];
        });
        let begun = false;
        let calls = 0;
        const run = eve.sync({
          meanwhile: () => {
            const paths = meanwhile();
            begun ||= paths.length > 0;
            return paths;
          },
          disturb: (call) => {
            disturb(call);
            if (begun) calls += 1;
            return calls === at + 1 && (trouble === 'kill' || trouble === 'power' || call.port === 'disk') ? trouble : undefined;
          },
        });
        await run.catch(() => undefined);
        isOver = calls <= at || at > 160;
        await expectAgreement(world);
        expect(ann.user.texts()).toMatchObject({ mine: 'by eve' });
        expect(Object.keys(ann.user.texts())).toHaveLength(filesCount + 1);
        for (const device of [ann, eve]) device.retire();
      }
    }
  });

  test('a pack that is gone, or damaged, stops only what is in it', async () => {
    for (const how of ['gone', 'damaged'] as const) {
      const world = await withMuch();
      const { ann, eve, vault } = world;
      const packs = vault.medium.names('packs/');
      expect(packs.length).toBeGreaterThan(1);
      const [lost = ''] = packs;
      const bytes = vault.medium.read(lost);
      vault.medium.write(lost, how === 'gone' ? undefined : bytes?.map((byte, at) => (at % 100 === 99 ? byte ^ 1 : byte)));
      await eve.sync().catch(() => undefined);
      await eve.sync().catch(() => undefined);
      expect(filesOf(eve)).toBeGreaterThan(0);
      const missing = filesCount - filesOf(eve);
      expect(eve.index.problems.list(100)).toHaveLength(missing);
      if (bytes !== undefined) vault.medium.write(lost, bytes);
      eve.index.dirty.releaseHeld();
      await expectAgreement({ vault, ann, eve });
    }
  });
});
