import { markedHands } from './marked-hands.ts';
import type { Tree } from './scenario.ts';

/** One item as a person sees it. */
export interface SeenItem {
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  /** Text of a file; '' of anything else. */
  readonly text: string;
  readonly target: string;
  readonly mtimeUs: number;
  readonly executable: boolean;
}

/** What can be done in a folder of some world. Paths are exact. */
export interface Hands {
  writeFile(path: string, content: string): void;
  saveFile(path: string, content: string): void;
  append(path: string, text: string): void;
  rename(from: string, to: string): void;
  /** A file or link. */
  remove(path: string): void;
  removeTree(path: string): void;
  makeFolder(path: string): void;
  makeLink(target: string, path: string): void;
  hardLink(path: string, to: string): void;
  makePipe(path: string): void;
  setTime(path: string, mtimeUs: number): void;
  setMode(path: string, mode: number): void;
  see(path: string): SeenItem | undefined;
  /** Everything under the folder, by path; Cachette's own folder only where it is asked for. */
  tree(folder?: string): Map<string, SeenItem>;
}

/** Who is told of contents that come and go by people's hands. */
export interface Witness {
  wrote(text: string): void;
  /** Somebody saw this content and overwrote or deleted it. */
  ended(text: string): void;
  /** An act is over. */
  acted(): void;
}

/** Where a person disturbed the scenario, an act may find its way barred: it is then not done. */
export type Bars = 'stop' | 'skip';

/** Someone who uses a synced folder. `DATE` in a path stands for the date in the name of the conflict copy that is there. */
export class Person {
  readonly hands: Hands;
  readonly #witness: Witness;
  readonly #bars: Bars;
  #isBusy = false;

  constructor(hands: Hands, witness: Witness, bars: Bars) {
    this.hands = hands;
    this.#witness = witness;
    this.#bars = bars;
  }

  /** The same one, who sees nothing but a folder of the folder; each such folder has contents of its own. */
  inFolder(folder: string): Person {
    return new Person(markedHands(this.hands, folder), this.#witness, this.#bars);
  }

  /** Writes over the content of a file that is there, or makes it. */
  write(path: string, text: string): void {
    this.#act(() => {
      const at = this.#find(path);
      this.#endContent(at);
      this.hands.writeFile(at, text);
      this.#witness.wrote(text);
    });
  }

  /** A file, with the folders above it. */
  make(path: string, text: string): void {
    const above = parentOf(path);
    if (above !== '') this.makeFolder(above);
    this.write(path, text);
  }

  save(path: string, text: string): void {
    this.#act(() => {
      const at = this.#find(path);
      this.#endContent(at);
      this.hands.saveFile(at, text);
      this.#witness.wrote(text);
    });
  }

  append(path: string, text: string): void {
    this.#act(() => {
      const at = this.#find(path);
      this.#endContent(at);
      this.hands.append(at, text);
      this.#witness.wrote(this.read(at) ?? '');
    });
  }

  makeFolder(path: string): void {
    this.#act(() => this.hands.makeFolder(this.#find(path)));
  }

  link(path: string, target: string): void {
    this.#act(() => this.hands.makeLink(target, this.#find(path)));
  }

  hardLink(path: string, to: string): void {
    this.#act(() => this.hands.hardLink(this.#find(path), this.#find(to)));
  }

  makePipe(path: string): void {
    this.#act(() => this.hands.makePipe(this.#find(path)));
  }

  /** With all that is in it. */
  remove(path: string): void {
    this.#act(() => {
      const at = this.#find(path);
      this.#endContent(at);
      for (const below of this.hands.tree(at).keys()) this.#endContent(below);
      this.hands.removeTree(at);
    });
  }

  /** Over a file that stands there. */
  move(from: string, to: string): void {
    this.#act(() => {
      const at = this.#find(to);
      if (this.#find(from) !== at) this.#endContent(at);
      this.hands.rename(this.#find(from), at);
    });
  }

  swap(a: string, b: string): void {
    this.#act(() => {
      this.hands.rename(this.#find(a), `${a}.aside`);
      this.hands.rename(this.#find(b), a);
      this.hands.rename(`${a}.aside`, b);
    });
  }

  copy(from: string, to: string): void {
    this.#act(() => {
      const seen = this.hands.see(this.#find(from));
      if (seen?.kind !== 'file') throw new Error(`no file ${from}`);
      this.hands.writeFile(this.#find(to), seen.text);
      this.hands.setTime(this.#find(to), seen.mtimeUs);
      if (seen.executable) this.hands.setMode(this.#find(to), 0o755);
      this.#witness.wrote(seen.text);
    });
  }

  touch(path: string, seconds: number): void {
    this.#act(() => this.hands.setTime(this.#find(path), Math.round(seconds * 1e6)));
  }

  setExecutable(path: string, isExecutable: boolean): void {
    this.setMode(path, isExecutable ? 0o755 : 0o644);
  }

  setMode(path: string, mode: number): void {
    this.#act(() => this.hands.setMode(this.#find(path), mode));
  }

  /** Text of the file; undefined where there is none. */
  read(path: string): string | undefined {
    const seen = this.hands.see(this.#find(path));
    return seen?.kind === 'file' ? seen.text : undefined;
  }

  /** Modification time of what stands there. */
  mtimeUs(path: string): number | undefined {
    return this.hands.see(this.#find(path))?.mtimeUs;
  }

  /** All that is synced, with the dates of conflict copies as `DATE`. */
  tree(): Tree {
    return Object.fromEntries([...this.hands.tree()].map(([path, seen]) => [withoutDate(path), describe(seen)]));
  }

  /** Many acts in one moment. */
  atOnce(acts: () => void): void {
    this.#isBusy = true;
    acts();
    this.#isBusy = false;
    this.#witness.acted();
  }

  #act(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (this.#bars === 'stop') throw error;
    }
    if (!this.#isBusy) this.#witness.acted();
  }

  #endContent(path: string): void {
    const seen = this.hands.see(path);
    if (seen?.kind === 'file') this.#witness.ended(seen.text);
  }

  #find(path: string): string {
    if (!path.includes('DATE')) return path;
    const found = [...this.hands.tree().keys()].find((each) => withoutDate(each) === path);
    if (found === undefined) throw new Error(`nothing at ${path}`);
    return found;
  }
}

/** A tree with the folders that are understood. */
export function withFolders(tree: Tree): Tree {
  const whole: Record<string, string> = { ...tree };
  for (const path of Object.keys(tree)) {
    for (let above = parentOf(path); above !== ''; above = parentOf(above)) whole[above] ??= 'folder';
  }
  return Object.fromEntries(Object.entries(whole).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Makes the tree in an empty folder. */
export function furnish(person: Person, tree: Tree): void {
  person.atOnce(() => {
    for (const [path, what] of Object.entries(withFolders(tree))) {
      if (what === 'folder') person.makeFolder(path);
      else if (what.startsWith('-> ')) person.link(path, what.slice(3));
      else {
        person.write(path, what.replace(/\*$/, ''));
        if (what.endsWith('*')) person.setExecutable(path, true);
      }
    }
  });
}

export function withoutDate(path: string): string {
  return path.replace(/(\(conflict [^/]*) \d{4}-\d\d-\d\d(?=( \d+)?\))/g, '$1 DATE');
}

function describe({ kind, text, target, executable }: SeenItem): string {
  if (kind === 'file') return executable ? `${text}*` : text;
  return kind === 'link' ? `-> ${target}` : kind;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
