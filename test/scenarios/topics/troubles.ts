/** What can't be read, is not there, or breaks off: never taken for a deletion, and all else goes on. */
import { copyName } from '../acts.ts';
import { scenario, type Scenario } from '../scenario.ts';

const base = { 'a.txt': 'a', 'd/b.txt': 'b', 'd/c.txt': 'c' };
const simOnly = { world: 'simulator', because: 'rights do not bind the user that tests may run as' } as const;

export const troubleScenarios: readonly Scenario[] = [
  scenario('an unreadable file keeps back no move and no removal of others', { base, only: simOnly }, async (world) => {
    const [here, there] = [world.device('here'), world.device('there')];
    here.person.write('a.txt', 'a, edited');
    here.person.setMode('a.txt', 0o000);
    here.person.move('d/b.txt', 'b.txt');
    here.person.remove('d/c.txt');
    world.expect('exit code', (await here.sync()).code, 3);
    await there.sync();
    world.expect('there', there.person.tree(), { 'a.txt': 'a', 'b.txt': 'b', d: 'folder' });
    here.person.setMode('a.txt', 0o644);
    await world.settle();
    world.expectTree({ 'a.txt': 'a, edited', 'b.txt': 'b', d: 'folder' });
  }),
  scenario(
    'an unreadable file is a problem of its own; it is not deleted, and all else goes on',
    { base, only: simOnly },
    async (world) => {
      const [here, there] = [world.device('here'), world.device('there')];
      here.person.write('a.txt', 'a, edited');
      here.person.setMode('a.txt', 0o000);
      here.person.write('d/b.txt', 'b2');
      world.expect('exit code', (await here.sync()).code, 3);
      world.expect(
        'problems',
        (await here.problems()).map(({ path }) => path),
        ['a.txt'],
      );
      await there.sync();
      world.expect('there', there.person.tree(), { 'a.txt': 'a', d: 'folder', 'd/b.txt': 'b2', 'd/c.txt': 'c' });
      here.person.setMode('a.txt', 0o644);
      await world.settle();
      world.expectTree({ ...base, 'a.txt': 'a, edited', 'd/b.txt': 'b2' });
    },
  ),
  scenario('a new unreadable file is a problem until it can be read', { base, only: simOnly }, async (world) => {
    const here = world.device('here');
    here.person.write('n', 'new');
    here.person.setMode('n', 0o000);
    world.expect('exit code', (await here.sync()).code, 3);
    here.person.setMode('n', 0o644);
    await world.settle();
    world.expectTree({ ...base, n: 'new' });
  }),
  scenario('an unreadable folder is not a deleted one', { base, only: simOnly }, async (world) => {
    const [here, there] = [world.device('here'), world.device('there')];
    here.person.setMode('d', 0o000);
    await here.sync();
    await there.sync();
    world.expect('there', there.person.read('d/b.txt'), 'b');
    here.person.setMode('d', 0o755);
    await world.settle();
    world.expectTree(base);
  }),
  scenario('a folder unreadable here is renamed there, and edited in: it follows, and heals', { base, only: simOnly }, async (world) => {
    const [here, there] = [world.device('here'), world.device('there')];
    here.person.setMode('d', 0o000);
    there.person.write('d/b.txt', 'b2');
    await there.sync();
    await here.sync();
    here.person.setMode('d', 0o755);
    await world.settle();
    world.expectTree({ ...base, 'd/b.txt': 'b2' });
  }),
  scenario('a folder that can’t be written into stops what comes into it alone', { base, only: simOnly }, async (world) => {
    const [here, there] = [world.device('here'), world.device('there')];
    here.person.setMode('d', 0o555);
    there.person.write('d/n', 'n');
    there.person.write('a.txt', 'a2');
    await there.sync();
    world.expect('exit code', (await here.sync()).code, 3);
    world.expect('here', here.person.tree(), { 'a.txt': 'a2', d: 'folder', 'd/b.txt': 'b', 'd/c.txt': 'c' });
    here.person.setMode('d', 0o755);
    await world.settle();
    world.expectTree({ ...base, 'a.txt': 'a2', 'd/n': 'n' });
  }),
  scenario(
    'the synced folder is away: the run fails, nothing is deleted, and it goes on when it is back',
    { base, isCore: true },
    async (world) => {
      const [here, there] = [world.device('here'), world.device('there')];
      there.person.write('d/n', 'n');
      await there.sync();
      const { bringBack } = here.takeAway();
      const ending = await here.sync();
      world.expect('how it ended', ending, { code: 1, failure: 'E_FOLDER_MISSING' });
      bringBack();
      await world.settle();
      world.expectTree({ ...base, 'd/n': 'n' });
    },
  ),
  scenario('a pipe stands where a file belongs: that file waits, all else goes on', { base }, async (world) => {
    const [here, there] = [world.device('here'), world.device('there')];
    here.person.makePipe('x');
    there.person.write('x', 'a file');
    there.person.write('y', 'another');
    await there.sync();
    world.expect('exit code', (await here.sync()).code, 3);
    world.expect('here', here.person.tree(), { 'a.txt': 'a', d: 'folder', 'd/b.txt': 'b', 'd/c.txt': 'c', x: 'other', y: 'another' });
    here.person.remove('x');
    await world.settle();
    world.expectTree({ ...base, x: 'a file', y: 'another' });
  }),
  scenario('the store is away: nothing is lost, and the next run goes on', { base, isCore: true }, async (world) => {
    const [here, there] = [world.device('here'), world.device('there')];
    here.person.write('a.txt', 'a2');
    const { bringBack } = world.takeStoreAway();
    world.expect('exit code', (await here.sync()).code, 4);
    here.person.write('n', 'n');
    world.expect('exit code there', (await there.sync()).code, 4);
    bringBack();
    await world.settle();
    world.expectTree({ ...base, 'a.txt': 'a2', n: 'n' });
  }),
  scenario('the store is away while both edit: a conflict as ever', { base }, async (world) => {
    const [here, there] = [world.device('here'), world.device('there')];
    const { bringBack } = world.takeStoreAway();
    here.person.write('a.txt', 'mine');
    there.person.write('a.txt', 'theirs');
    await here.sync();
    await there.sync();
    bringBack();
    await world.settle('here');
    world.expectTree({ ...base, 'a.txt': 'mine', [copyName('a', 'there', '.txt')]: 'theirs' });
  }),
];

export const lostIndexScenarios: readonly Scenario[] = [
  scenario('and nothing else happened: nothing happens', { base, isCore: true }, async (world) => {
    world.device('here').loseIndex();
    await world.settle();
    world.expectTree(base);
  }),
  scenario('and files were edited here: the edits are published', { base }, async (world) => {
    world.device('here').loseIndex();
    world.device('here').person.write('d/b.txt', 'b2');
    world.device('here').person.write('n', 'n');
    await world.settle();
    world.expectTree({ ...base, [copyName('d/b', 'here', '.txt')]: 'b2', n: 'n' });
  }),
  scenario('and files were edited there: they are brought up to date, without a copy', { base }, async (world) => {
    world.device('here').loseIndex();
    world.device('there').person.write('d/b.txt', 'b2');
    await world.settle('there');
    world.expectTree({ ...base, 'd/b.txt': 'b2' });
  }),
  scenario('and the same file was edited on both: a copy', { base }, async (world) => {
    world.device('here').person.write('a.txt', 'mine');
    world.device('here').loseIndex();
    world.device('there').person.write('a.txt', 'theirs');
    await world.settle('there');
    world.expectTree({ ...base, 'a.txt': 'theirs', [copyName('a', 'here', '.txt')]: 'mine' });
  }),
  scenario('and a file was deleted here meanwhile: it comes back, as nothing is known of the deletion', { base }, async (world) => {
    world.device('here').person.remove('a.txt');
    world.device('here').loseIndex();
    await world.settle();
    world.expectTree(base);
  }),
  scenario('on both at once: nothing is deleted', { base }, async (world) => {
    for (const name of ['here', 'there']) world.device(name).loseIndex();
    world.device('here').person.write('n', 'n');
    await world.settle();
    world.expectTree({ ...base, n: 'n' });
  }),
  scenario('again and again', { base }, async (world) => {
    for (let round = 1; round <= 3; round += 1) {
      world.device('here').loseIndex();
      world.device('there').person.write('a.txt', `a${round}`);
      await world.settle('there');
    }
    world.expectTree({ ...base, 'a.txt': 'a3' });
  }),
  scenario('and a conflict was open: it still is, for all', { base }, async (world) => {
    world.device('here').person.write('a.txt', 'mine');
    world.device('there').person.write('a.txt', 'theirs');
    await world.settle('there');
    world.device('here').loseIndex();
    await world.settle();
    const copy = copyName('a', 'here', '.txt');
    world.expectTree({ ...base, 'a.txt': 'theirs', [copy]: 'mine' });
    world.expect('open', await world.device('here').conflicts(), [{ path: 'a.txt', copy }]);
  }),
];

export const killScenarios: readonly Scenario[] = [
  scenario('before its news are in the journal: the next run publishes them', { base, isCore: true }, async (world) => {
    const here = world.device('here');
    here.person.write('a.txt', 'a2');
    here.person.make('new/n', 'n');
    await here.syncAndKill('publishing');
    await world.settle();
    world.expectTree({ ...base, 'a.txt': 'a2', 'new/n': 'n' });
  }),
  scenario('while it brings news: the next run goes on, nothing half is left', { base, isCore: true }, async (world) => {
    const [here, there] = [world.device('here'), world.device('there')];
    for (let at = 0; at < 20; at += 1) there.person.make(`new/${at}`, `new ${at}`);
    there.person.write('a.txt', 'a2');
    there.person.move('d', 'e');
    await there.sync();
    await here.syncAndKill('placing');
    await world.settle();
    const wanted = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`new/${at}`, `new ${at}`]));
    world.expectTree({ 'a.txt': 'a2', 'e/b.txt': 'b', 'e/c.txt': 'c', ...wanted });
  }),
  scenario('before its news are in the journal, and edited again before the next run', { base }, async (world) => {
    const here = world.device('here');
    here.person.write('a.txt', 'a2');
    await here.syncAndKill('publishing');
    here.person.write('a.txt', 'a3');
    await world.settle();
    world.expectTree({ ...base, 'a.txt': 'a3' });
  }),
  scenario('before its news are in the journal, and the other edits the same: one copy, of either', { base }, async (world) => {
    const [here, there] = [world.device('here'), world.device('there')];
    here.person.write('a.txt', 'mine');
    await here.syncAndKill('publishing');
    there.person.write('a.txt', 'theirs');
    await world.settle('there');
    // Its entry was sealed before it was killed: which of the two stands first in the journal is open.
    const files = Object.entries(here.person.tree()).filter(([path]) => path.startsWith('a'));
    world.expect('both contents', files.map(([, text]) => text).toSorted(), ['mine', 'theirs']);
  }),
  scenario('while it brings news, and a person edits one of the files before the next run', { base }, async (world) => {
    const [here, there] = [world.device('here'), world.device('there')];
    there.person.write('a.txt', 'a2');
    there.person.write('d/b.txt', 'b2');
    there.person.write('d/c.txt', 'c2');
    await there.sync();
    await here.syncAndKill('placing');
    here.person.write('n', 'n');
    await world.settle();
    world.expectTree({ 'a.txt': 'a2', 'd/b.txt': 'b2', 'd/c.txt': 'c2', n: 'n' });
  }),
  scenario('while it brings a folder’s removal', { base }, async (world) => {
    const [here, there] = [world.device('here'), world.device('there')];
    there.person.remove('d');
    await there.sync();
    await here.syncAndKill('placing');
    await world.settle();
    world.expectTree({ 'a.txt': 'a' });
  }),
  scenario('while it brings files that trade names', { base }, async (world) => {
    const [here, there] = [world.device('here'), world.device('there')];
    there.person.swap('d/b.txt', 'd/c.txt');
    await there.sync();
    await here.syncAndKill('placing');
    await world.settle();
    world.expectTree({ 'a.txt': 'a', 'd/b.txt': 'c', 'd/c.txt': 'b' });
  }),
  scenario('three times over', { base }, async (world) => {
    const here = world.device('here');
    for (let round = 1; round <= 3; round += 1) {
      here.person.write('a.txt', `a${round}`);
      await here.syncAndKill(round % 2 === 0 ? 'placing' : 'publishing');
    }
    await world.settle();
    world.expectTree({ ...base, 'a.txt': 'a3' });
  }),
];
