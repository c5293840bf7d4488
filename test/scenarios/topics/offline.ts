/** What was done while nobody looked: renames recognised by identity and by content; and long absences. */
import { carry, copyTo, edit, file, move, remove, touch } from '../acts.ts';
import { meeting } from '../meeting.ts';
import { scenario, type Scenario } from '../scenario.ts';

const large = 'a longer text that is worth not being sent again. '.repeat(10_000);

export const offlineScenarios: readonly Scenario[] = [
  meeting('a file copied elsewhere and deleted is that file, moved: an edit there follows', {
    base: { a: 'v1', d: 'folder' },
    here: [carry('a', 'd/a')],
    there: [edit('a', 'v2')],
    either: { 'd/a': 'v2' },
    open: [],
  }),
  meeting('a file copied under another name and deleted: an edit there follows', {
    base: { a: 'v1', o: 'o' },
    here: [carry('a', 'b')],
    there: [edit('a', 'v2')],
    either: { b: 'v2', o: 'o' },
  }),
  meeting('a file copied elsewhere and deleted, moved elsewhere there: the first move holds, and there is one file', {
    base: { a: 'v1', o: 'o' },
    here: [carry('a', 'b')],
    there: [move('a', 'c')],
    thereFirst: { c: 'v1', o: 'o' },
    hereFirst: { b: 'v1', o: 'o' },
    open: [],
  }),
  meeting('a file copied elsewhere and deleted, deleted there: the moved file stays', {
    base: { a: 'v1', o: 'o' },
    here: [carry('a', 'b')],
    there: [remove('a')],
    either: { b: 'v1', o: 'o' },
  }),
  meeting('a file copied: two files, and an edit there is in the old one alone', {
    base: { a: 'v1' },
    here: [copyTo('a', 'b')],
    there: [edit('a', 'v2')],
    either: { a: 'v2', b: 'v1' },
  }),
  meeting('a folder carried to another disk and back: the same files', {
    base: { 'd/a': 'a', 'd/b': 'b' },
    here: [carry('d/a', 'a'), carry('d/b', 'b'), remove('d'), file('e/x', 'x'), carry('a', 'e/a'), carry('b', 'e/b')],
    either: { 'e/a': 'a', 'e/b': 'b', 'e/x': 'x' },
  }),
  meeting('renamed and edited while nobody looked: an edit of the old name there is a conflict at the new', {
    base: { a: 'v1', o: 'o' },
    here: [move('a', 'b'), edit('b', 'mine')],
    there: [edit('o', 'o2')],
    either: { b: 'mine', o: 'o2' },
  }),
  meeting('renamed, touched and put back', {
    base: { a: 'v1' },
    here: [move('a', 'b'), touch('b'), move('b', 'a')],
    either: { a: 'v1' },
  }),
  meeting('two files of the same content, one renamed: the other stays itself', {
    base: { a: 'same', b: 'same' },
    here: [move('a', 'c')],
    there: [edit('b', 'b2')],
    either: { b: 'b2', c: 'same' },
  }),
  meeting('two empty files, one carried off: both are there', {
    base: { a: '', b: '' },
    here: [carry('a', 'c')],
    either: { b: '', c: '' },
  }),
  meeting('a deleted file’s place in the file system taken by another: two different files', {
    base: { a: 'old' },
    here: [remove('a'), file('b', 'new')],
    there: [edit('a', 'edited')],
    either: { a: 'edited', b: 'new' },
  }),
  scenario('a large file renamed sends its name alone', { base: { 'a.bin': large } }, async (world) => {
    const before = world.storeBytes();
    world.device('here').person.move('a.bin', 'b.bin');
    await world.settle();
    world.expectTree({ 'b.bin': large });
    world.expect('the store grew little', world.storeBytes() - before < 32_768, true);
  }),
  scenario('a large file carried elsewhere sends no content', { base: { 'a.bin': large, d: 'folder' } }, async (world) => {
    const before = world.storeBytes();
    carry('a.bin', 'd/a.bin')(world.device('here').person);
    await world.settle();
    world.expectTree({ 'd/a.bin': large });
    world.expect('the store grew little', world.storeBytes() - before < 32_768, true);
  }),
  scenario('a large file copied sends no content', { base: { 'a.bin': large } }, async (world) => {
    const before = world.storeBytes();
    copyTo('a.bin', 'b.bin')(world.device('here').person);
    await world.settle();
    world.expectTree({ 'a.bin': large, 'b.bin': large });
    world.expect('the store grew little', world.storeBytes() - before < 32_768, true);
  }),
  scenario('away for a long time, nothing done: it gets all there is', { base: { a: 'a0' } }, async (world) => {
    await manyRounds(world, 12);
    await world.settle();
    world.expectTree({ a: 'a12', ...Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`made/${at + 1}`, `made ${at + 1}`])) });
  }),
  scenario('away for a long time, with work of its own: both', { base: { a: 'a0', mine: 'm' } }, async (world) => {
    world.device('there').person.write('mine', 'm, edited away');
    world.device('there').person.write('new', 'made away');
    await manyRounds(world, 8);
    await world.settle('there');
    world.expect(
      'own work',
      [world.device('here').person.read('mine'), world.device('here').person.read('new')],
      ['m, edited away', 'made away'],
    );
    world.expect('their work', world.device('there').person.read('a'), 'a8');
  }),
  scenario('away for a long time, with an edit of what others edited: one copy, of its own', { base: { a: 'a0' } }, async (world) => {
    world.device('there').person.write('a', 'edited away');
    await manyRounds(world, 5);
    await world.settle('there');
    world.expect(
      'copies',
      Object.keys(world.device('here').person.tree()).filter((path) => path.includes('conflict')),
      ['a (conflict there DATE)'],
    );
    world.expect('the name', world.device('there').person.read('a'), 'a5');
  }),
  scenario(
    'away for half a year: what was deleted meanwhile goes here, too',
    { base: { a: 'a', 'd/b': 'b', 'd/c': 'c' } },
    async (world) => {
      const here = world.device('here');
      here.person.remove('a');
      here.person.remove('d/b');
      await manyMonths(world, 7);
      await world.settle('there');
      world.expectTree({ 'd/c': 'c', n: 'n7' });
      world.expect('trash there', world.device('there').trash().toSorted(), ['a', 'b']);
    },
  ),
  scenario('joins after a year: it gets what nobody touched since, too', { base: { a: 'a', 'd/b': 'b' } }, async (world) => {
    await manyMonths(world, 13);
    world.device('late');
    await world.settle('late');
    world.expectTree({ a: 'a', 'd/b': 'b', n: 'n13' });
  }),
  scenario('away while a folder was renamed five times: it follows once', { base: { 'd0/a': 'a', 'd0/b': 'b' } }, async (world) => {
    for (let round = 0; round < 5; round += 1) {
      world.device('here').person.move(`d${round}`, `d${round + 1}`);
      await world.device('here').sync();
    }
    world.device('there').person.write('d0/b', 'b, edited away');
    await world.settle('there');
    world.expectTree({ 'd5/a': 'a', 'd5/b': 'b, edited away' });
  }),
  scenario('away while a file was made, renamed, edited and deleted: it never sees it', { base: { a: 'a' } }, async (world) => {
    const { person } = world.device('here');
    for (const act of [file('x', 'x1'), move('x', 'y'), edit('y', 'x2'), remove('y')]) {
      act(person);
      await world.device('here').sync();
    }
    await world.settle();
    world.expectTree({ a: 'a' });
    world.expect('trash there', world.device('there').trash(), []);
  }),
];

/** `here` works on and on, and days pass; `there` is away. */
async function manyRounds(world: Parameters<Scenario['runs'][number]['play']>[0], rounds: number): Promise<void> {
  const here = world.device('here');
  for (let round = 1; round <= rounds; round += 1) {
    here.person.write('a', `a${round}`);
    here.person.make(`made/${round}`, `made ${round}`);
    await here.sync();
    world.passDays(7);
  }
}

/** `here` edits one file in each of them; nobody else is there. */
async function manyMonths(world: Parameters<Scenario['runs'][number]['play']>[0], months: number): Promise<void> {
  const here = world.device('here');
  for (let month = 1; month <= months; month += 1) {
    here.person.make('n', `n${month}`);
    await here.sync();
    world.passDays(30);
  }
}
