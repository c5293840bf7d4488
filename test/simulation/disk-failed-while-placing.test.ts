/** A call of the disk fails after the step that it belongs to came about; and the engine ends before it looks at the folder again. */
import { expect, test } from 'vitest';
import { SimDevice } from './sim-device.ts';
import type { Disturb, PortCall } from './sim-process.ts';
import { SimVault } from './sim-vault.ts';

/** Calls after one that changes the folder, in which the engine makes that durable and looks at what it came to. */
const callsAfterwards = 4;

interface World {
  readonly ann: SimDevice;
  readonly bob: SimDevice;
}

/** What bob's engine is to bring: something new of each kind, something edited, moved, and removed. */
async function begin(): Promise<World> {
  const vault = new SimVault(57);
  const [ann, bob] = [new SimDevice(vault, 'ann'), new SimDevice(vault, 'bob')];
  for (const name of ['edited', 'moved', 'removed', 'touched']) ann.user.writeFile(name, `${name} at first`);
  await ann.sync();
  await bob.sync();
  ann.user.makeFolder('folder');
  ann.user.writeFile('folder/file', 'new');
  ann.user.makeLink('edited', 'link');
  ann.user.writeFile('edited', 'edited by ann');
  ann.user.rename('moved', 'moved by ann');
  ann.user.setTime('touched', 1_700_000_000_000_000);
  ann.user.remove('removed');
  await ann.sync();
  return { ann, bob };
}

/** By then the vault has all of it otherwise. */
async function undo({ ann, bob }: World): Promise<void> {
  ann.user.removeTree('folder');
  ann.user.remove('link');
  ann.user.writeFile('edited', 'edited again');
  ann.user.rename('moved by ann', 'moved again');
  ann.user.setTime('touched', 1_600_000_000_000_000);
  for (const device of [ann, bob, ann]) await device.sync();
}

function changesFolder({ port, mutates, path, toPath = '' }: PortCall): boolean {
  const isOwn = (at: string): boolean => at === '' || at.startsWith('.cachette');
  return port === 'disk' && mutates && !(isOwn(path) && isOwn(toPath));
}

/** Numbers of the calls of bob's run that follow one that changes his folder. */
async function findAfterwards(): Promise<ReadonlySet<number>> {
  const { bob } = await begin();
  const found = new Set<number>();
  await bob.sync({
    disturb: (call) => {
      if (changesFolder(call)) for (let at = 1; at <= callsAfterwards; at += 1) found.add(call.index + at);
      return undefined;
    },
  });
  return found;
}

/** The call of that number fails; then the engine is killed as soon as it lists a folder. */
function failThenKill(at: number): Disturb {
  return ({ index, verb }) => {
    if (index === at) return { errno: 'EPERM' };
    return index > at && verb === 'readNames' ? 'kill' : undefined;
  };
}

// Random history: `disk errors` 14000223.
test('what came about all the same is what the vault has brought, whatever the vault makes of it by then', async () => {
  const afterwards = await findAfterwards();
  expect(afterwards.size, 'guard').toBeGreaterThan(20);
  for (const at of afterwards) {
    const { ann, bob } = await begin();
    await bob.sync({ disturb: failThenKill(at) }).catch(() => 'failed');
    await undo({ ann, bob });
    const texts = { edited: 'edited again', 'moved again': 'moved at first', touched: 'touched at first' };
    expect(bob.user.texts(), `at call ${at}`).toEqual(texts);
    expect(bob.user.tree(), `at call ${at}`).toEqual(ann.user.tree());
    expect(bob.user.find('touched')?.mtimeNs, `at call ${at}`).toBe(1_600_000_000_000_000_000n);
  }
});

test('what the disk refuses, again and again, is not looked for everywhere each time', async () => {
  for (const errno of ['EACCES', 'ENAMETOOLONG']) {
    const { ann, bob } = await begin();
    // A disk that can't hold a name refuses to look at it, too.
    const refuse: Disturb = ({ verb, path, toPath }) => {
      const isRefused = verb === 'renameNew' || verb === 'link' ? toPath === 'folder/file' : verb === 'lstat' && path === 'folder/file';
      return isRefused && (verb !== 'lstat' || errno === 'ENAMETOOLONG') ? { errno } : undefined;
    };
    await bob.sync({ hints: [], disturb: refuse });
    expect(bob.index.problems.list(9).map(({ path, code }) => ({ path, code }))).toEqual([{ path: 'folder/file', code: 'E_DISK' }]);
    ann.user.writeFile('another', 'v1');
    await ann.sync();
    const listed: string[] = [];
    await bob.sync({
      hints: [],
      disturb: (call) => {
        if (call.verb === 'readNames' && !call.path.startsWith('.cachette')) listed.push(call.path);
        return refuse(call);
      },
    });
    expect(bob.user.readText('another')).toBe('v1');
    expect(listed).toEqual([]);
  }
});
