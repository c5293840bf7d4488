/** What people do in a folder, by chance, and the ledger of what must not be lost by it. */
import type { FakeDisk } from '../world/fake-disk/fake-disk.ts';
import type { SeededChoice } from '../world/seeded-choice.ts';

const names = ['a', 'b', 'c', 'd.txt', 'é.txt'];

/** Contents that nobody overwrote or deleted while seeing them: each must be in the tree in the end. */
export class Ledger {
  readonly mustLive = new Set<string>();
  readonly everWritten = new Set<string>();
  #count = 0;

  fresh(who: string): string {
    this.#count += 1;
    const text = `${who} ${this.#count}`;
    this.mustLive.add(text);
    this.everWritten.add(text);
    return text;
  }

  /** A person who saw this content replaced or deleted it. */
  ended(text: string): void {
    this.mustLive.delete(text);
  }
}

interface Folder {
  readonly user: FakeDisk['user'];
  readonly name: string;
}

/** What an act has to go by. */
interface Scene {
  readonly folder: Folder;
  readonly tree: ReturnType<FakeDisk['user']['tree']>;
  readonly choice: SeededChoice;
  readonly ledger: Ledger;
  /** A path that may be free or taken. */
  readonly path: string;
  /** Something that is there; undefined in an empty folder. */
  readonly from: string | undefined;
}

type Act = (scene: Scene) => string;

const nothing = 'nothing';

/** More frequent acts stand more than once. */
const acts: readonly Act[] = [makeFolder, write, write, write, edit, edit, remove, touch, copy, move, move, move];

/** One act; what it was, for the log. */
export function actRandomly(folder: Folder, choice: SeededChoice, ledger: Ledger): string {
  const tree = folder.user.tree();
  const folders = ['', ...[...tree].filter(([, seen]) => seen.kind === 'folder').map(([path]) => path)];
  const path = join(choice.of(folders) ?? '', choice.of(names) ?? 'a');
  const scene = { folder, tree, choice, ledger, path, from: choice.of([...tree.keys()]) };
  return (choice.of(acts) ?? write)(scene);
}

function someFile({ tree, choice }: Scene): string | undefined {
  return choice.of([...tree].filter(([, seen]) => seen.kind === 'file').map(([path]) => path));
}

function endAll({ tree, ledger }: Scene, top: string): void {
  for (const [path, seen] of tree) if ((path === top || path.startsWith(`${top}/`)) && seen.kind === 'file') ledger.ended(seen.text);
}

function makeFolder({ folder, tree, path }: Scene): string {
  if (tree.has(path)) return nothing;
  folder.user.makeFolder(path);
  return `mkdir ${path}`;
}

function write({ folder: { user, name }, tree, choice, ledger, path }: Scene): string {
  const there = tree.get(path);
  if (there?.kind === 'folder') return nothing;
  if (there !== undefined) ledger.ended(there.text);
  const text = ledger.fresh(name);
  if (choice.below(2) === 0) user.saveFile(path, text);
  else user.writeFile(path, text);
  return `${there === undefined ? 'create' : 'edit'} ${path} = ${text}`;
}

function edit(scene: Scene): string {
  const path = someFile(scene);
  return path === undefined ? nothing : write({ ...scene, path });
}

function remove(scene: Scene): string {
  const { folder, from } = scene;
  if (from === undefined) return nothing;
  endAll(scene, from);
  folder.user.removeTree(from);
  return `rm -r ${from}`;
}

function touch(scene: Scene): string {
  const { folder, choice } = scene;
  const path = someFile(scene);
  if (path === undefined) return nothing;
  folder.user.setTime(path, 1_700_000_000_000_000 + choice.below(1e6));
  if (choice.below(2) === 0) folder.user.setMode(path, choice.below(2) === 0 ? 0o755 : 0o644);
  return `touch ${path}`;
}

function copy({ folder, tree, path, from }: Scene): string {
  if (from === undefined || tree.has(path) || tree.get(from)?.kind === 'folder') return nothing;
  folder.user.writeFile(path, folder.user.readText(from));
  return `cp ${from} ${path}`;
}

function move(scene: Scene): string {
  const { folder, tree, path, from } = scene;
  if (from === undefined || path === from || path.startsWith(`${from}/`) || from.startsWith(`${path}/`)) return nothing;
  if (tree.has(path)) {
    endAll(scene, path);
    folder.user.removeTree(path);
  }
  folder.user.rename(from, path);
  return `mv ${from} ${path}`;
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
