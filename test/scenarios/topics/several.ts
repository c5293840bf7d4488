/** Three to five devices; and what sync removes or replaces, which is in the trash. */
import { copyName } from '../acts.ts';
import { scenario, type Scenario } from '../scenario.ts';

const three = ['here', 'there', 'third'];
const five = ['one', 'two', 'three', 'four', 'five'];

export const severalScenarios: readonly Scenario[] = [
  scenario('what one of five makes, all have', { devices: five }, async (world) => {
    for (const name of five) world.device(name).person.make(`${name}/f`, `made by ${name}`);
    await world.settle();
    world.expectTree(Object.fromEntries(five.map((name) => [`${name}/f`, `made by ${name}`])));
  }),
  scenario('all of five make a file in the same new folder', { devices: five }, async (world) => {
    for (const name of five) world.device(name).person.make(`d/${name}`, name);
    await world.settle();
    world.expectTree(Object.fromEntries(five.map((name) => [`d/${name}`, name])));
  }),
  scenario('all of five edit the same file: one keeps the name, four copies', { devices: five, base: { 'n.txt': 'v1' } }, async (world) => {
    for (const name of five) world.device(name).person.write('n.txt', name);
    await world.settle();
    const copies = Object.fromEntries(five.slice(1).map((name) => [copyName('n', name, '.txt'), name]));
    world.expectTree({ 'n.txt': 'one', ...copies });
    world.expect('open', (await world.device('five').conflicts()).length, 4);
  }),
  scenario('all of five write the same into the same file: no copy', { devices: five, base: { n: 'v1' } }, async (world) => {
    for (const name of five) world.device(name).person.write('n', 'v2');
    await world.settle();
    world.expectTree({ n: 'v2' });
  }),
  scenario('three edit the same file, two of them the same: one copy', { devices: three, base: { n: 'v1' } }, async (world) => {
    world.device('here').person.write('n', 'same');
    world.device('there').person.write('n', 'other');
    world.device('third').person.write('n', 'same');
    await world.settle('here', 'there', 'third');
    world.expectTree({ n: 'same', [copyName('n', 'there')]: 'other' });
  }),
  scenario(
    'one edits, one renames, one deletes: the file stays, renamed, with the edit',
    { devices: three, base: { a: 'v1', o: 'o' } },
    async (world) => {
      world.device('here').person.write('a', 'v2');
      world.device('there').person.move('a', 'b');
      world.device('third').person.remove('a');
      await world.settle('third', 'there', 'here');
      world.expectTree({ b: 'v2', o: 'o' });
    },
  ),
  scenario('one edits, one renames, one deletes, in the other order', { devices: three, base: { a: 'v1', o: 'o' } }, async (world) => {
    world.device('here').person.write('a', 'v2');
    world.device('there').person.move('a', 'b');
    world.device('third').person.remove('a');
    await world.settle('here', 'there', 'third');
    world.expectTree({ b: 'v2', o: 'o' });
  }),
  scenario('three move the same file: the first move holds', { devices: three, base: { a: 'a' } }, async (world) => {
    for (const name of three) world.device(name).person.move('a', `by ${name}`);
    await world.settle('there', 'third', 'here');
    world.expectTree({ 'by there': 'a' });
  }),
  scenario(
    'three folders moved into each other in a ring: two moves hold, nothing is lost',
    {
      devices: three,
      base: { 'A/a': 'a', 'B/b': 'b', 'C/c': 'c' },
    },
    async (world) => {
      world.device('here').person.move('A', 'B/A');
      world.device('there').person.move('B', 'C/B');
      world.device('third').person.move('C', 'A/C');
      await world.settle('here', 'there', 'third');
      world.expectTree({ 'C/c': 'c', 'C/B/b': 'b', 'C/B/A/a': 'a' });
    },
  ),
  scenario('an edit goes round: each goes on from the last, no copy', { devices: five, base: { n: '0' } }, async (world) => {
    for (const name of five) {
      const device = world.device(name);
      await device.sync();
      device.person.append('n', ` ${name}`);
      await device.sync();
    }
    await world.settle();
    world.expectTree({ n: '0 one two three four five' });
  }),
  scenario(
    'two work while the third is away, and it edits what they deleted',
    { devices: three, base: { 'd/a': 'a', 'd/b': 'b', o: 'o' } },
    async (world) => {
      world.device('here').person.remove('d');
      for (const name of ['here', 'there', 'here']) await world.device(name).sync();
      world.device('third').person.write('d/a', 'a2');
      await world.settle('third');
      world.expectTree({ 'd/a': 'a2', o: 'o' });
    },
  ),
  scenario('one loses its index while two others work', { devices: three, base: { a: 'a', b: 'b' } }, async (world) => {
    world.device('third').loseIndex();
    world.device('here').person.write('a', 'a2');
    world.device('there').person.move('b', 'c');
    await world.settle('here', 'there', 'third');
    const { person } = world.device('here');
    world.expect('all there', [person.read('a'), person.read('c')], ['a2', 'b']);
  }),
  scenario('a fourth and a fifth join late, and all show the same', { devices: three, base: { a: 'a' } }, async (world) => {
    world.device('here').person.write('a', 'a2');
    world.device('fourth');
    await world.settle();
    world.device('fourth').person.write('n', 'by the fourth');
    world.device('fifth').person.write('a', 'a2');
    await world.settle();
    world.expectTree({ a: 'a2', n: 'by the fourth' });
  }),
];

export const trashScenarios: readonly Scenario[] = [
  scenario('a file removed there is in the trash here', { base: { 'd/a': 'precious', o: 'o' }, isCore: true }, async (world) => {
    world.device('there').person.remove('d/a');
    await world.settle();
    world.expect('trash here', world.device('here').trash(), ['precious']);
    world.expect('trash there', world.device('there').trash(), []);
  }),
  scenario('a file edited there is in the trash here with its old content', { base: { a: 'v1' } }, async (world) => {
    world.device('there').person.write('a', 'v2');
    await world.settle();
    world.expect('trash here', world.device('here').trash(), ['v1']);
  }),
  scenario(
    'a folder removed there is in the trash here with all its files',
    { base: { 'd/a': '1', 'd/e/b': '2', o: 'o' } },
    async (world) => {
      world.device('there').person.remove('d');
      await world.settle();
      world.expect('trash here', world.device('here').trash().toSorted(), ['1', '2']);
    },
  ),
  scenario('a file of the same name that went twice is there twice', { base: { a: 'v1' } }, async (world) => {
    world.device('there').person.write('a', 'v2');
    await world.settle();
    world.device('there').person.write('a', 'v3');
    await world.settle();
    world.expect('trash here', world.device('here').trash().toSorted(), ['v1', 'v2']);
  }),
  scenario('what was only moved is not in the trash', { base: { 'd/a': 'a' } }, async (world) => {
    world.device('there').person.move('d', 'e');
    await world.settle();
    world.expect('trash here', world.device('here').trash(), []);
  }),
  scenario('what is in the trash is not synced, and can be taken out of it', { base: { a: 'precious', o: 'o' } }, async (world) => {
    const { person } = world.device('here');
    world.device('there').person.remove('a');
    await world.settle();
    const inTrash = [...person.hands.tree('.cachette/trash')].find(([, { kind }]) => kind === 'file')?.[0] ?? '';
    person.move(inTrash, 'a again');
    await world.settle();
    world.expectTree({ 'a again': 'precious', o: 'o' });
  }),
];
