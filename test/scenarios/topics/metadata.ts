/** Times, execute bits, links, empty things, hard links, and what is no file. */
import { chmod, copyName, edit, file, folder, link, move, remove, save, touch } from '../acts.ts';
import { meeting } from '../meeting.ts';
import { scenario, type Scenario } from '../scenario.ts';

export const metadataScenarios: readonly Scenario[] = [
  scenario('a touched file has its new time everywhere, and no content is sent', { base: { a: 'v'.repeat(200_000) } }, async (world) => {
    const before = world.storeBytes();
    world.device('here').person.touch('a', 1_500_000_000.123456);
    await world.settle();
    world.expect('time there', world.device('there').person.mtimeUs('a'), 1_500_000_000_123_456);
    world.expect('the store grew little', world.storeBytes() - before < 32_768, true);
  }),
  scenario('times are kept to the microsecond', { base: {} }, async (world) => {
    world.device('here').person.write('a', 'a');
    world.device('here').person.touch('a', 1_234_567_890.654321);
    await world.settle();
    world.expect('time there', world.device('there').person.mtimeUs('a'), 1_234_567_890_654_321);
  }),
  scenario('a time before 1980 and one far in the future', { base: { a: 'a', b: 'b' } }, async (world) => {
    world.device('here').person.touch('a', 86_400);
    world.device('here').person.touch('b', 4_000_000_000);
    await world.settle();
    const { person } = world.device('there');
    world.expect('times there', [person.mtimeUs('a'), person.mtimeUs('b')], [86_400_000_000, 4_000_000_000_000_000]);
  }),
  meeting('touched on both: no copy', {
    base: { a: 'v' },
    here: [touch('a', 1_500_000_000)],
    there: [touch('a', 1_400_000_000)],
    either: { a: 'v' },
    open: [],
  }),
  meeting('touched to an old time here, edited there: the edit is not overwritten', {
    base: { a: 'v1' },
    here: [touch('a', 1_000_000_000)],
    there: [edit('a', 'v2')],
    either: { a: 'v2' },
    open: [],
  }),
  meeting('touched to a future time here, edited there: the edit is not overwritten', {
    base: { a: 'v1' },
    here: [touch('a', 4_000_000_000)],
    there: [edit('a', 'v2')],
    either: { a: 'v2' },
    open: [],
  }),
  meeting('touched here, moved there: both', { base: { a: 'v1' }, here: [touch('a')], there: [move('a', 'b')], either: { b: 'v1' } }),
  meeting('a file becomes a program', { base: { a: 'v1' }, here: [chmod('a')], either: { a: 'v1*' } }),
  meeting('a program becomes a plain file', { base: { a: 'v1*' }, here: [chmod('a', false)], either: { a: 'v1' } }),
  meeting('made a program on both', { base: { a: 'v1' }, here: [chmod('a')], there: [chmod('a')], either: { a: 'v1*' }, open: [] }),
  meeting('made a program here, edited there: both', {
    base: { a: 'v1' },
    here: [chmod('a')],
    there: [edit('a', 'v2')],
    either: { a: 'v2*' },
  }),
  meeting('made a program here, moved there: both', {
    base: { a: 'v1' },
    here: [chmod('a')],
    there: [move('a', 'b')],
    either: { b: 'v1*' },
  }),
  meeting('made a program and edited here, edited there: the copy is the program', {
    base: { a: 'v1' },
    here: [edit('a', 'mine'), chmod('a')],
    there: [edit('a', 'theirs')],
    thereFirst: { a: 'theirs', [copyName('a', 'here')]: 'mine*' },
  }),
  meeting('a link to a file', { base: { a: 'a' }, here: [link('l', 'a')], either: { a: 'a', l: '-> a' } }),
  meeting('a link to nothing', { here: [link('l', 'no/such/thing')], either: { l: '-> no/such/thing' } }),
  meeting('a link to where only a link leads', {
    base: { d: 'folder', e: '-> d' },
    here: [link('l', 'e/x')],
    either: { d: 'folder', e: '-> d', l: '-> e/x' },
  }),
  meeting('a link to the folder above is not followed', { here: [folder('d'), link('d/up', '..')], either: { 'd/up': '-> ..' } }),
  meeting('a link that points to itself', { here: [link('l', 'l')], either: { l: '-> l' } }),
  meeting('a link that points elsewhere now', { base: { l: '-> a' }, here: [remove('l'), link('l', 'b')], either: { l: '-> b' } }),
  meeting('a link pointed elsewhere on both', {
    base: { l: '-> a' },
    here: [remove('l'), link('l', 'mine')],
    there: [remove('l'), link('l', 'theirs')],
    thereFirst: { l: '-> theirs', [copyName('l', 'here')]: '-> mine' },
    hereFirst: { l: '-> mine', [copyName('l', 'there')]: '-> theirs' },
  }),
  meeting('a link moved here, pointed elsewhere there', {
    base: { l: '-> a', d: 'folder' },
    here: [move('l', 'd/l')],
    there: [remove('l'), link('l', 'b')],
    either: { 'd/l': '-> b' },
  }),
  meeting('a file behind a link edited: the file, not the link', {
    base: { 'd/a': 'v1', l: '-> d' },
    here: [edit('d/a', 'v2')],
    either: { 'd/a': 'v2', l: '-> d' },
  }),
  meeting('an empty file', { here: [file('e', '')], either: { e: '' } }),
  meeting('an empty file gets content, another loses it', {
    base: { e: '', f: 'full' },
    here: [edit('e', 'full'), edit('f', '')],
    either: { e: 'full', f: '' },
  }),
  meeting('an empty folder', { here: [folder('d')], either: { d: 'folder' } }),
  meeting('empty folders in empty folders', { here: [folder('a/b/c/d')], either: { 'a/b/c/d': 'folder' } }),
  meeting('an empty folder renamed', { base: { d: 'folder' }, here: [move('d', 'e')], either: { e: 'folder' } }),
  meeting('an empty folder filled here, deleted there: it stays for what is in it', {
    base: { d: 'folder', o: 'o' },
    here: [file('d/a', 'a')],
    there: [remove('d')],
    either: { 'd/a': 'a', o: 'o' },
  }),
  scenario('hard links become separate files', { base: { a: 'v1' } }, async (world) => {
    world.device('here').person.hardLink('a', 'b');
    await world.settle();
    world.expectTree({ a: 'v1', b: 'v1' });
    world.device('there').person.write('b', 'v2');
    await world.settle();
    world.expect('there', world.device('there').person.tree(), { a: 'v1', b: 'v2' });
  }),
  scenario('a pipe is left alone, and all else goes on', { base: { a: 'a' } }, async (world) => {
    world.device('here').person.makePipe('p');
    world.device('here').person.write('a', 'a2');
    await world.settle();
    world.expect('there', world.device('there').person.tree(), { a: 'a2' });
    world.expect('here', world.device('here').person.tree(), { a: 'a2', p: 'other' });
    world.expect('problems', await world.device('here').problems(), []);
  }),
  scenario('other content of the same size and time is found', { base: { a: 'aaaa' } }, async (world) => {
    const { person } = world.device('here');
    const mtimeUs = person.mtimeUs('a') ?? 0;
    person.write('a', 'bbbb');
    person.touch('a', mtimeUs / 1e6);
    await world.settle();
    world.expectTree({ a: 'bbbb' });
  }),
  scenario('other content of the same size and time, saved by renaming, is found', { base: { a: 'aaaa' } }, async (world) => {
    const { person } = world.device('here');
    const mtimeUs = person.mtimeUs('a') ?? 0;
    person.save('a', 'bbbb');
    person.touch('a', mtimeUs / 1e6);
    await world.settle();
    world.expectTree({ a: 'bbbb' });
  }),
  meeting('a copy of a program saved over: still a program', {
    base: { a: 'v1*' },
    here: [save('a', 'v2'), chmod('a')],
    either: { a: 'v2*' },
  }),
];
