/** What `.cachetteignore` says: keeps out what is new; what is synced stays so until it is moved or deleted; nothing ignored is ever deleted. */
import { scenario, type Scenario, type World } from '../scenario.ts';

const rules = '*.log\nbuild/\n';

/** All that a device shows. */
function shows(world: World, name: string): Readonly<Record<string, string>> {
  return world.device(name).person.tree();
}

export const ignoreScenarios: readonly Scenario[] = [
  scenario('keeps out what is new, and is itself synced', { base: { '.cachetteignore': rules }, isCore: true }, async (world) => {
    const { person } = world.device('here');
    person.write('a.log', 'noise');
    person.make('build/x', 'made');
    person.write('a.txt', 'text');
    await world.settle();
    world.expect('there', shows(world, 'there'), { '.cachetteignore': rules, 'a.txt': 'text' });
    world.expect('here', person.read('build/x'), 'made');
    person.remove('a.log');
    person.remove('build');
  }),
  scenario(
    'that nobody can read at first: nothing new leaves until it can be read',
    { base: { 'a.txt': 'a' }, only: { world: 'simulator', because: 'rights do not bind the user that tests may run as' } },
    async (world) => {
      const here = world.device('here');
      here.person.make('d/.cachetteignore', rules);
      here.person.setMode('d/.cachetteignore', 0o000);
      here.person.write('d/secret.log', 'noise');
      here.person.write('d/b.txt', 'b');
      here.person.write('a.txt', 'a2');
      world.expect('exit code', (await here.sync()).code, 3);
      await world.device('there').sync();
      world.expect('there', shows(world, 'there'), { 'a.txt': 'a2', d: 'folder' });
      here.person.setMode('d/.cachetteignore', 0o644);
      await world.settle();
      world.expect('there', shows(world, 'there'), { 'a.txt': 'a2', d: 'folder', 'd/.cachetteignore': rules, 'd/b.txt': 'b' });
      here.person.remove('d/secret.log');
    },
  ),
  ...(
    [
      ['that is too large to be believed', `${'# so many rules\n'.repeat(20_000)}${rules}`],
      ['that is a link', '-> rules'],
    ] as const
  ).map(([title, file]) =>
    scenario(`${title}: nothing new leaves until it is mended, and it says so`, { base: { 'a.txt': 'a' } }, async (world) => {
      const here = world.device('here');
      here.person.makeFolder('d');
      if (file.startsWith('-> ')) here.person.link('d/.cachetteignore', file.slice(3));
      else here.person.write('d/.cachetteignore', file);
      here.person.write('d/secret.log', 'noise');
      here.person.write('d/b.txt', 'b');
      here.person.write('a.txt', 'a2');
      world.expect('exit code', (await here.sync()).code, 3);
      world.expect('problems', await here.problems(), [{ path: 'd/.cachetteignore', code: 'E_UNREADABLE' }]);
      await world.device('there').sync();
      world.expect('there', shows(world, 'there')['d/secret.log'], undefined);
      world.expect('there', shows(world, 'there')['a.txt'], 'a2');
      here.person.remove('d/.cachetteignore');
      here.person.write('d/.cachetteignore', rules);
      await world.settle();
      world.expect('problems', await here.problems(), []);
      world.expect('there', shows(world, 'there'), { 'a.txt': 'a2', d: 'folder', 'd/.cachetteignore': rules, 'd/b.txt': 'b' });
      here.person.remove('d/secret.log');
    }),
  ),
  scenario('that begins with a byte order mark: its first rule holds', {}, async (world) => {
    const { person } = world.device('here');
    person.write('.cachetteignore', `\u{feff}${rules}`);
    person.write('a.log', 'noise');
    await world.settle();
    world.expect('there', Object.keys(shows(world, 'there')), ['.cachetteignore']);
    person.remove('a.log');
  }),
  scenario('goes for both devices, whoever wrote it', { base: { '.cachetteignore': rules } }, async (world) => {
    world.device('there').person.write('b.log', 'noise of there');
    world.device('here').person.write('b.log', 'noise of here');
    await world.settle();
    world.expect(
      'each its own',
      [world.device('here').person.read('b.log'), world.device('there').person.read('b.log')],
      ['noise of here', 'noise of there'],
    );
    for (const name of ['here', 'there']) world.device(name).person.remove('b.log');
  }),
  scenario('leaves alone what was synced before the rule came', { base: { 'a.log': 'v1' } }, async (world) => {
    world.device('here').person.write('.cachetteignore', rules);
    await world.settle();
    world.device('there').person.write('a.log', 'v2');
    await world.settle();
    world.expectTree({ '.cachetteignore': rules, 'a.log': 'v2' });
  }),
  scenario('what was synced before the rule came can be deleted', { base: { 'a.log': 'v1' } }, async (world) => {
    world.device('here').person.write('.cachetteignore', rules);
    await world.settle();
    world.device('there').person.remove('a.log');
    await world.settle();
    world.expectTree({ '.cachetteignore': rules });
  }),
  scenario(
    'what is moved into an ignored place leaves the vault, and stays here',
    { base: { '.cachetteignore': rules, diary: 'dear diary' } },
    async (world) => {
      const { person } = world.device('here');
      person.makeFolder('build');
      await world.settle();
      person.move('diary', 'build/diary');
      await world.settle();
      world.expect('there', shows(world, 'there'), { '.cachetteignore': rules });
      world.expect('here', person.read('build/diary'), 'dear diary');
      world.expect('trash there', world.device('there').trash(), ['dear diary']);
      person.remove('build');
    },
  ),
  scenario('what is moved out of an ignored place comes into the vault', { base: { '.cachetteignore': rules } }, async (world) => {
    const { person } = world.device('here');
    person.make('build/x', 'made');
    await world.settle();
    person.move('build/x', 'x');
    person.remove('build');
    await world.settle();
    world.expectTree({ '.cachetteignore': rules, x: 'made' });
  }),
  scenario('what is renamed to an ignored name leaves the vault', { base: { '.cachetteignore': rules, a: 'a', b: 'b' } }, async (world) => {
    const { person } = world.device('here');
    person.move('a', 'a.log');
    await world.settle();
    world.expect('there', shows(world, 'there'), { '.cachetteignore': rules, b: 'b' });
    world.expect('here', person.read('a.log'), 'a');
    person.remove('a.log');
  }),
  scenario('a rule in a folder goes for that folder alone, with all below', { base: { 'd/.cachetteignore': '*.tmp\n' } }, async (world) => {
    const { person } = world.device('here');
    person.write('a.tmp', 'synced');
    person.make('d/a.tmp', 'not synced');
    person.make('d/e/a.tmp', 'not synced either');
    await world.settle();
    world.expect('there', shows(world, 'there'), { 'a.tmp': 'synced', d: 'folder', 'd/.cachetteignore': '*.tmp\n', 'd/e': 'folder' });
    person.remove('d/a.tmp');
    person.remove('d/e/a.tmp');
  }),
  scenario('a later rule takes back an earlier one', { base: { '.cachetteignore': '*.log\n!keep.log\n' } }, async (world) => {
    const { person } = world.device('here');
    person.write('a.log', 'noise');
    person.write('keep.log', 'kept');
    await world.settle();
    world.expect('there', shows(world, 'there'), { '.cachetteignore': '*.log\n!keep.log\n', 'keep.log': 'kept' });
    person.remove('a.log');
  }),
  scenario(
    'a rule in a folder takes back one from above',
    { base: { '.cachetteignore': '*.log\n', 'd/.cachetteignore': '!*.log\n' } },
    async (world) => {
      world.device('here').person.write('d/a.log', 'kept');
      await world.settle();
      world.expectTree({ '.cachetteignore': '*.log\n', 'd/.cachetteignore': '!*.log\n', 'd/a.log': 'kept' });
    },
  ),
  scenario('a rule with a slash goes for one place alone', { base: { '.cachetteignore': '/out\n' } }, async (world) => {
    const { person } = world.device('here');
    person.make('out/x', 'not synced');
    person.make('d/out/x', 'synced');
    await world.settle();
    world.expect('there', shows(world, 'there'), { '.cachetteignore': '/out\n', d: 'folder', 'd/out': 'folder', 'd/out/x': 'synced' });
    person.remove('out');
  }),
  scenario('a rule that goes lets in what it kept out', { base: { '.cachetteignore': '*.log\n' } }, async (world) => {
    const { person } = world.device('here');
    person.write('a.log', 'noise');
    await world.settle();
    person.remove('.cachetteignore');
    await world.settle();
    world.expectTree({ 'a.log': 'noise' });
  }),
  scenario(
    'a folder removed there stays here for the ignored things in it',
    { base: { '.cachetteignore': '*.o\n', 'work/main.c': 'int main;' } },
    async (world) => {
      world.device('there').person.write('work/main.o', 'compiled');
      world.device('here').person.remove('work');
      await world.settle();
      world.expect('there', shows(world, 'there'), { '.cachetteignore': '*.o\n', work: 'folder', 'work/main.o': 'compiled' });
      world.expect('here', shows(world, 'here'), { '.cachetteignore': '*.o\n' });
      world.device('there').person.remove('work');
    },
  ),
  scenario(
    'a folder renamed there takes along the ignored things in it here',
    { base: { '.cachetteignore': '*.o\n', 'work/main.c': 'int main;' } },
    async (world) => {
      world.device('there').person.write('work/main.o', 'compiled');
      world.device('here').person.move('work', 'play');
      await world.settle();
      world.expect('there', shows(world, 'there'), {
        '.cachetteignore': '*.o\n',
        play: 'folder',
        'play/main.c': 'int main;',
        'play/main.o': 'compiled',
      });
      world.device('there').person.remove('play/main.o');
    },
  ),
  scenario('a file that comes where an ignored one stands: both are kept', { base: { 'a.log': 'v1', o: 'o' } }, async (world) => {
    const [here, there] = [world.device('here').person, world.device('there').person];
    here.move('a.log', 'b.txt');
    await world.settle();
    here.write('.cachetteignore', '*.log\n');
    await world.settle();
    there.write('c.log', 'ignored there');
    await world.settle();
    here.write('.cachetteignore', '\n');
    here.write('c.log', 'from here');
    await world.settle('here');
    const texts = Object.values(here.tree());
    world.expect('both', [texts.includes('ignored there'), texts.includes('from here')], [true, true]);
  }),
  scenario('rules edited on both are a conflict like any other', { base: { '.cachetteignore': '*.log\n' } }, async (world) => {
    world.device('here').person.write('.cachetteignore', '*.tmp\n');
    world.device('there').person.write('.cachetteignore', '*.bak\n');
    await world.settle('there');
    world.expectTree({ '.cachetteignore': '*.bak\n', '.cachetteignore (conflict here DATE)': '*.tmp\n' });
  }),
];
