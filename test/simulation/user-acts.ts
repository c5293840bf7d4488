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

/** One act; what it was, for the log. */
export function actRandomly({ user, name }: Folder, choice: SeededChoice, ledger: Ledger): string {
  const tree = user.tree();
  const paths = [...tree.keys()];
  const folders = ['', ...paths.filter((path) => tree.get(path)?.kind === 'folder')];
  const path = join(choice.of(folders) ?? '', choice.of(names) ?? 'a');
  const from = choice.of(paths);
  const isTaken = tree.has(path);
  const endAll = (top: string): void => {
    for (const [each, seen] of tree) if ((each === top || each.startsWith(`${top}/`)) && seen.kind === 'file') ledger.ended(seen.text);
  };
  switch (choice.below(12)) {
    case 0:
      if (isTaken) return 'nothing';
      user.makeFolder(path);
      return `mkdir ${path}`;
    case 1:
    case 2:
    case 3:
      return write({ user, name }, path, { tree, choice, ledger });
    case 4:
    case 5: {
      const file = choice.of(paths.filter((each) => tree.get(each)?.kind === 'file'));
      return file === undefined ? 'nothing' : write({ user, name }, file, { tree, choice, ledger });
    }
    case 6:
      if (from === undefined) return 'nothing';
      endAll(from);
      user.removeTree(from);
      return `rm -r ${from}`;
    case 7: {
      const file = choice.of(paths.filter((each) => tree.get(each)?.kind === 'file'));
      if (file === undefined) return 'nothing';
      user.setTime(file, 1_700_000_000_000_000 + choice.below(1e6));
      if (choice.below(2) === 0) user.setMode(file, choice.below(2) === 0 ? 0o755 : 0o644);
      return `touch ${file}`;
    }
    case 8:
      if (from === undefined || isTaken) return 'nothing';
      if (tree.get(from)?.kind === 'folder') return 'nothing';
      user.writeFile(path, user.readText(from));
      return `cp ${from} ${path}`;
    default:
      if (from === undefined || path === from || path.startsWith(`${from}/`) || from.startsWith(`${path}/`)) return 'nothing';
      if (isTaken) {
        endAll(path);
        user.removeTree(path);
      }
      user.rename(from, path);
      return `mv ${from} ${path}`;
  }
}

function write({ user, name }: Folder, path: string, { tree, choice, ledger }: { tree: ReturnType<FakeDisk['user']['tree']>; choice: SeededChoice; ledger: Ledger }): string {
  const there = tree.get(path);
  if (there?.kind === 'folder') return 'nothing';
  if (there !== undefined) ledger.ended(there.text);
  const text = ledger.fresh(name);
  if (choice.below(2) === 0) user.saveFile(path, text);
  else user.writeFile(path, text);
  return `${there === undefined ? 'create' : 'edit'} ${path} = ${text}`;
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
