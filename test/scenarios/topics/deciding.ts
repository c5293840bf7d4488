/** What waits for a person: conflicts to resolve, and changes so large that they are held back. */
import { copyName } from '../acts.ts';
import { scenario, type Device, type Scenario, type World } from '../scenario.ts';

const copyHere = copyName('note', 'here', '.txt');

/** `note.txt` was edited on both; `there` was first. */
async function inConflict(world: World): Promise<[Device, Device]> {
  const [here, there] = [world.device('here'), world.device('there')];
  here.person.write('note.txt', 'mine');
  there.person.write('note.txt', 'theirs');
  await world.settle('there');
  world.expectTree({ 'note.txt': 'theirs', [copyHere]: 'mine' });
  return [here, there];
}

const base = { 'note.txt': 'v1' };

async function expectDecided(world: World): Promise<void> {
  for (const name of ['here', 'there']) world.expect(`open conflicts of ${name}`, await world.device(name).conflicts(), []);
}

export const resolveScenarios: readonly Scenario[] = [
  scenario('for the copy: it gets the name, on all devices', { base, isCore: true }, async (world) => {
    const [here] = await inConflict(world);
    await here.resolve([copyHere], 'local');
    await world.settle();
    world.expectTree({ 'note.txt': 'mine' });
    await expectDecided(world);
  }),
  scenario('for the one that has the name: the copy goes', { base }, async (world) => {
    const [here] = await inConflict(world);
    await here.resolve([copyHere], 'remote');
    await world.settle();
    world.expectTree({ 'note.txt': 'theirs' });
    await expectDecided(world);
    world.expect('trash there', world.device('there').trash(), ['mine']);
  }),
  scenario('for both: two ordinary files', { base }, async (world) => {
    const [here] = await inConflict(world);
    await here.resolve([copyHere], 'both');
    await world.settle();
    world.expectTree({ 'note.txt': 'theirs', [copyHere]: 'mine' });
    await expectDecided(world);
  }),
  scenario('on the device that was first', { base }, async (world) => {
    const [, there] = await inConflict(world);
    await there.resolve([copyHere], 'local');
    await world.settle();
    world.expectTree({ 'note.txt': 'mine' });
    await expectDecided(world);
  }),
  scenario('on a third device that had no part in it', { base, devices: ['here', 'there', 'late'] }, async (world) => {
    await inConflict(world);
    await world.device('late').resolve('all', 'local');
    await world.settle();
    world.expectTree({ 'note.txt': 'mine' });
    await expectDecided(world);
  }),
  scenario('all at once', { base: { a: 'a', b: 'b', c: 'c' } }, async (world) => {
    const [here, there] = [world.device('here'), world.device('there')];
    for (const name of ['a', 'b', 'c']) {
      here.person.write(name, `${name} mine`);
      there.person.write(name, `${name} theirs`);
    }
    await world.settle('there');
    world.expect('open', (await here.conflicts()).length, 3);
    await here.resolve('all', 'local');
    await world.settle();
    world.expectTree({ a: 'a mine', b: 'b mine', c: 'c mine' });
    await expectDecided(world);
  }),
  scenario('one of two: the other stays open', { base: { a: 'a', b: 'b' } }, async (world) => {
    const [here, there] = [world.device('here'), world.device('there')];
    for (const name of ['a', 'b']) {
      here.person.write(name, `${name} mine`);
      there.person.write(name, `${name} theirs`);
    }
    await world.settle('there');
    await there.resolve([copyName('a', 'here')], 'remote');
    await world.settle();
    world.expectTree({ a: 'a theirs', b: 'b theirs', [copyName('b', 'here')]: 'b mine' });
    world.expect('open', await here.conflicts(), [{ path: 'b', copy: copyName('b', 'here') }]);
  }),
  scenario('by deleting the copy', { base }, async (world) => {
    const [here] = await inConflict(world);
    here.person.remove(copyHere);
    await world.settle();
    world.expectTree({ 'note.txt': 'theirs' });
    await expectDecided(world);
  }),
  scenario('while the file was edited there meanwhile: the edit is not lost', { base }, async (world) => {
    const [here, there] = await inConflict(world);
    there.person.write('note.txt', 'theirs, later');
    await here.resolve([copyHere], 'local');
    await world.settle();
    world.expect('later edit', Object.values(here.person.tree()).includes('theirs, later'), true);
  }),
  scenario('while the copy was edited there meanwhile: the edit is not lost', { base }, async (world) => {
    const [here, there] = await inConflict(world);
    there.person.write(copyHere, 'mine, later');
    await here.resolve([copyHere], 'remote');
    await world.settle();
    world.expect('later edit', Object.values(here.person.tree()).includes('mine, later'), true);
  }),
  scenario('after the file was renamed: the copy’s content goes to where it is', { base }, async (world) => {
    const [here, there] = await inConflict(world);
    there.person.move('note.txt', 'renamed.txt');
    await world.settle();
    await here.resolve([copyHere], 'local');
    await world.settle();
    world.expectTree({ 'renamed.txt': 'mine' });
    await expectDecided(world);
  }),
  scenario('differently on both at the same time: one holds, nothing is lost', { base }, async (world) => {
    const [here, there] = await inConflict(world);
    await here.resolve([copyHere], 'local');
    await there.resolve([copyHere], 'remote');
    await world.settle();
    world.expectTree({ 'note.txt': 'mine' });
    await expectDecided(world);
  }),
  scenario('a file that both made: there is no common ancestor, and it is decided all the same', {}, async (world) => {
    const [here] = await inConflict(world);
    await here.resolve('all', 'local');
    await world.settle();
    world.expectTree({ 'note.txt': 'mine' });
    await expectDecided(world);
  }),
];

function many(count: number): Readonly<Record<string, string>> {
  return { other: 'v1', ...Object.fromEntries(Array.from({ length: count }, (_, at) => [`many/${at}`, `number ${at}`])) };
}

function filesIn(device: Device): number {
  return Object.keys(device.person.tree()).filter((path) => path.startsWith('many/')).length;
}

function removeFirst(device: Device, count: number): void {
  device.person.atOnce(() => {
    for (let at = 0; at < count; at += 1) device.person.remove(`many/${at}`);
  });
}

export const massScenarios: readonly Scenario[] = [
  scenario(
    'held back where it was made, while all else goes on; then confirmed, here and there',
    { base: many(101), isLarge: true },
    async (world) => {
      const [here, there] = [world.device('here'), world.device('there')];
      removeFirst(here, 60);
      here.person.write('other', 'v2');
      world.expect('exit code', (await here.sync()).code, 7);
      world.expect('held', (await here.held()).length, 60);
      world.expect('there', (await there.sync()).code, 0);
      world.expect('all else', [filesIn(there), there.person.read('other')], [101, 'v2']);
      await here.decide('confirm');
      world.expect('confirmed', (await here.sync()).code, 0);
      world.expect('asks there, too', (await there.sync()).code, 7);
      world.expect('files there', filesIn(there), 101);
      await there.decide('confirm');
      await world.settle();
      world.expect('files there', filesIn(there), 41);
    },
  ),
  scenario('rejected where it was made: the files come back', { base: many(101), isLarge: true }, async (world) => {
    const here = world.device('here');
    here.person.remove('many');
    world.expect('exit code', (await here.sync()).code, 7);
    await here.decide('reject');
    await world.settle();
    world.expectTree(many(101));
  }),
  scenario('rejected where it would arrive: the files are published again', { base: many(101), isLarge: true }, async (world) => {
    const [here, there] = [world.device('here'), world.device('there')];
    here.person.remove('many');
    await here.sync();
    await here.decide('confirm');
    await here.sync();
    world.expect('exit code there', (await there.sync()).code, 7);
    await there.decide('reject');
    await there.sync();
    await world.settle();
    world.expectTree(many(101));
  }),
  scenario('by overwriting: held, and a rejected one brings the old contents back', { base: many(101), isLarge: true }, async (world) => {
    const [here, there] = [world.device('here'), world.device('there')];
    for (let at = 0; at < 60; at += 1) here.person.write(`many/${at}`, `encrypted ${at}`);
    world.expect('exit code', (await here.sync()).code, 7);
    await there.sync();
    world.expect('there', there.person.read('many/3'), 'number 3');
    await here.decide('reject');
    await world.settle();
    world.expectTree(many(101));
    world.expect('in the trash', here.trash().includes('encrypted 3'), true);
  }),
  scenario('by overwriting, confirmed on both', { base: many(101), isLarge: true }, async (world) => {
    const [here, there] = [world.device('here'), world.device('there')];
    for (let at = 0; at < 60; at += 1) here.person.write(`many/${at}`, `new ${at}`);
    await here.sync();
    await here.decide('confirm');
    await here.sync();
    world.expect('exit code there', (await there.sync()).code, 7);
    await there.decide('confirm');
    await world.settle();
    world.expect('there', there.person.read('many/3'), 'new 3');
  }),
  scenario(
    'is held over a restart, and let go of when the files come back by themselves',
    { base: many(101), isLarge: true },
    async (world) => {
      const here = world.device('here');
      here.person.move('many', '.cachette/aside');
      world.expect('exit code', (await here.sync()).code, 7);
      world.expect('exit code again', (await here.sync()).code, 7);
      here.person.move('.cachette/aside', 'many');
      await world.settle();
      world.expectTree(many(101));
      world.expect('held', await here.held(), []);
    },
  ),
  scenario('half of a folder needs no word', { base: many(102), isLarge: true }, async (world) => {
    removeFirst(world.device('here'), 51);
    await world.settle();
    world.expect('files there', filesIn(world.device('there')), 51);
  }),
  scenario('all of a folder where there are but a hundred files needs no word', { base: many(99), isLarge: true }, async (world) => {
    world.device('here').person.remove('many');
    await world.settle();
    world.expectTree({ other: 'v1' });
  }),
  scenario('never is a folder renamed', { base: many(150), isLarge: true }, async (world) => {
    world.device('here').person.move('many', 'elsewhere');
    await world.settle();
    world.expect('there', world.device('there').person.read('elsewhere/149'), 'number 149');
  }),
  scenario('never are a hundred and fifty files moved one by one', { base: many(150), isLarge: true }, async (world) => {
    const { person } = world.device('here');
    person.makeFolder('to');
    for (let at = 0; at < 150; at += 1) person.move(`many/${at}`, `to/${at}`);
    await world.settle();
    world.expect('there', world.device('there').person.read('to/149'), 'number 149');
  }),
  scenario('never are a hundred and fifty files touched', { base: many(150), isLarge: true }, async (world) => {
    for (let at = 0; at < 150; at += 1) world.device('here').person.touch(`many/${at}`, 1_500_000_000);
    await world.settle();
    world.expect('there', world.device('there').person.mtimeUs('many/149'), 1_500_000_000_000_000);
  }),
  scenario('never are two hundred new files', { base: many(150), isLarge: true }, async (world) => {
    for (let at = 0; at < 200; at += 1) world.device('here').person.make(`new/${at}`, `new ${at}`);
    await world.settle();
    world.expect('there', world.device('there').person.read('new/199'), 'new 199');
  }),
  scenario('more than five hundred files out of many more are asked about', { base: many(1200), isLarge: true }, async (world) => {
    const here = world.device('here');
    removeFirst(here, 501);
    world.expect('exit code', (await here.sync()).code, 7);
    world.expect('held', (await here.held()).length, 501);
    await here.decide('reject');
    await world.settle();
    world.expect('files', filesIn(here), 1200);
  }),
];
