/** Folders that already hold files when they are linked: equal content is adopted, nothing is ever deleted. */
import { copyName } from '../acts.ts';
import { furnish } from '../person.ts';
import { scenario, type Scenario, type Tree } from '../scenario.ts';

const base = { 'a.txt': 'a', 'd/b.txt': 'b', 'd/c.txt': 'c' };

/** Of 200 KB, and not to be made much smaller. */
const noise = Array.from({ length: 30_000 }, (_, at) => Math.imul(at, 0x9e3779b1).toString(36)).join('');

/** A device named `late` joins with this in its folder; then all show that. */
function joinWith(title: string, filled: Tree, wanted: Tree): Scenario {
  return scenario(title, { base }, async (world) => {
    furnish(world.device('late').person, filled);
    await world.settle('late');
    world.expectTree(wanted);
  });
}

export const joinScenarios: readonly Scenario[] = [
  joinWith('an empty folder gets all', {}, base),
  scenario('equal content is adopted without transfer and without a copy', { base }, async (world) => {
    furnish(world.device('late').person, base);
    const before = world.storeBytes();
    await world.settle('late');
    world.expectTree(base);
    world.expect('the store grew little', world.storeBytes() - before < 32_768, true);
    world.expect('nothing was replaced', world.device('late').trash(), []);
  }),
  scenario('equal content of another time is not sent, not when it is touched or renamed either', { base: { a: noise } }, async (world) => {
    const before = world.storeBytes();
    const { person } = world.device('late');
    person.make('a', noise);
    person.touch('a', 1_700_000_000);
    await world.settle('late');
    person.touch('a', 1_700_000_002);
    await world.settle('late');
    person.move('a', 'b');
    await world.settle('late');
    world.expectTree({ b: noise });
    world.expect('the store grew little', world.storeBytes() - before < noise.length / 4, true);
  }),
  joinWith('some of the files: the rest is brought', { 'd/b.txt': 'b' }, base),
  joinWith('more files: they are published', { ...base, 'more.txt': 'm', 'd/more': 'dm' }, { ...base, 'more.txt': 'm', 'd/more': 'dm' }),
  joinWith('other files alone: both', { 'x/y': 'y' }, { ...base, 'x/y': 'y' }),
  joinWith('a file of other content: both are kept', { 'a.txt': 'mine' }, { ...base, [copyName('a', 'late', '.txt')]: 'mine' }),
  joinWith('a file of other content and the same size', { 'a.txt': 'x' }, { ...base, [copyName('a', 'late', '.txt')]: 'x' }),
  joinWith(
    'files of other content deep in folders',
    { 'd/b.txt': 'mine', 'd/c.txt': 'c' },
    { ...base, [copyName('d/b', 'late', '.txt')]: 'mine' },
  ),
  joinWith('an empty file of the same name', { 'a.txt': '' }, { ...base, [copyName('a', 'late', '.txt')]: '' }),
  joinWith(
    'a folder where the vault has a file: the folder keeps the name',
    { 'a.txt/x': 'x' },
    {
      'a.txt/x': 'x',
      [copyName('a', 'late', '.txt')]: 'a',
      'd/b.txt': 'b',
      'd/c.txt': 'c',
    },
  ),
  joinWith(
    'a file where the vault has a folder: the folder keeps the name',
    { d: 'a file' },
    { ...base, [copyName('d', 'late')]: 'a file' },
  ),
  joinWith('a link where the vault has a file', { 'a.txt': '-> d/b.txt' }, { ...base, [copyName('a', 'late', '.txt')]: '-> d/b.txt' }),
  joinWith('empty folders of the same names', { d: 'folder' }, base),
  joinWith('a program where the vault has a plain file of that content: one file', { 'a.txt': 'a*' }, base),
  scenario('equal files with other times are one, without a copy', { base }, async (world) => {
    const { person } = world.device('late');
    furnish(person, base);
    person.touch('a.txt', 1_500_000_000);
    await world.settle('late');
    world.expectTree(base);
  }),
  scenario('older content that the vault’s history knows is brought up to date, without a copy', { base }, async (world) => {
    world.device('here').person.write('a.txt', 'a, second version');
    await world.settle();
    furnish(world.device('late').person, base);
    await world.settle('late');
    world.expectTree({ ...base, 'a.txt': 'a, second version' });
  }),
  scenario('older content of a file that was renamed meanwhile: nothing is lost', { base }, async (world) => {
    world.device('here').person.move('a.txt', 'z.txt');
    await world.settle();
    furnish(world.device('late').person, { 'a.txt': 'edited on paper' });
    await world.settle('late');
    world.expectTree({ 'z.txt': 'a', 'a.txt': 'edited on paper', 'd/b.txt': 'b', 'd/c.txt': 'c' });
  }),
  scenario('equal files moved elsewhere before: both places, nothing deleted', { base }, async (world) => {
    furnish(world.device('late').person, { 'elsewhere/a.txt': 'a' });
    await world.settle('late');
    world.expectTree({ ...base, 'elsewhere/a.txt': 'a' });
  }),
  scenario('an old copy of the folder: what was deleted or renamed meanwhile stands there again', { base }, async (world) => {
    const { person } = world.device('here');
    person.remove('a.txt');
    person.move('d', 'e');
    await world.settle();
    furnish(world.device('late').person, base);
    await world.settle('late');
    world.expectTree({ ...base, 'e/b.txt': 'b', 'e/c.txt': 'c' });
  }),
  scenario('two devices join with equal folders one after the other', { devices: ['here'], base: {} }, async (world) => {
    furnish(world.device('there').person, base);
    furnish(world.device('late').person, base);
    await world.settle();
    world.expectTree(base);
  }),
  scenario('two devices join with different content of one file: a copy for the second', { devices: ['here'], base: {} }, async (world) => {
    furnish(world.device('there').person, { 'n.txt': 'theirs' });
    furnish(world.device('late').person, { 'n.txt': 'late' });
    await world.settle('here', 'there', 'late');
    world.expectTree({ 'n.txt': 'theirs', [copyName('n', 'late', '.txt')]: 'late' });
  }),
  scenario('the folder of the first device is full when the vault is made', { devices: ['here'], base }, async (world) => {
    world.device('there');
    await world.settle();
    world.expectTree(base);
  }),
  scenario('joins, and works on before its first sync', { base }, async (world) => {
    const { person } = world.device('late');
    furnish(person, base);
    person.write('a.txt', 'a, edited');
    person.remove('d/b.txt');
    await world.settle('late');
    world.expectTree({ ...base, [copyName('a', 'late', '.txt')]: 'a, edited' });
  }),
];
