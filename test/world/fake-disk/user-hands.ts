import { fraction, type Random } from '../../../src/base/random.ts';
import { type FakeKernel, posixError } from './fake-kernel.ts';
import type { Inode } from './inode.ts';

/** One item as a person sees it. */
export interface Seen {
  readonly kind: Inode['kind'];
  /** Text of a file; '' of anything else. */
  readonly text: string;
  readonly target: string;
  readonly mtimeUs: number;
  readonly executable: boolean;
  /** Always false where the disk has no such notes. */
  readonly fromOutside: boolean;
}

/** A file system that was mounted, with all that is on it. */
export type MountedDisk = Inode;

/** A file that a program writes step by step. It stays the same file wherever it is moved. */
export interface Writer {
  append(text: string): void;
  close(): void;
}

/** What people and other programs do in the synced folder. Paths as `a/b`; no path goes through a link. */
export class UserHands {
  readonly #kernel: FakeKernel;

  constructor(kernel: FakeKernel) {
    this.#kernel = kernel;
  }

  /** Makes a file, or writes over the content of the one that is there (which stays the same file). */
  writeFile(path: string, content: string | Uint8Array): void {
    const [folder, name] = this.#place(path);
    const inode = this.#kernel.find(folder, name) ?? this.#kernel.create(folder, name, 'file');
    if (inode.kind !== 'file') throw posixError('EISDIR', path);
    this.#kernel.write(inode, toBytes(content));
  }

  /** As editors save: a new file is written beside and renamed over the old one. */
  saveFile(path: string, content: string | Uint8Array): void {
    const [folder, name] = this.#place(path);
    const draft = `.${name.slice(0, 60)}.draft`;
    const inode = this.#kernel.create(folder, draft, 'file');
    this.#kernel.write(inode, toBytes(content));
    this.#kernel.rename(folder, draft, folder, name);
  }

  append(path: string, text: string): void {
    const inode = this.#get(path);
    this.#kernel.write(inode, Buffer.concat([inode.content, Buffer.from(text)]));
  }

  /** Changes content in place without changing the size. */
  flipByte(path: string, random: Random): void {
    const inode = this.#get(path);
    if (inode.content.byteLength === 0) return;
    const copy = new Uint8Array(inode.content);
    const at = Math.floor(fraction(random) * copy.byteLength);
    copy[at] = (copy[at] ?? 0) ^ 1;
    this.#kernel.write(inode, copy);
  }

  openWriter(path: string): Writer {
    const [folder, name] = this.#place(path);
    const inode = this.#kernel.find(folder, name) ?? this.#kernel.create(folder, name, 'file');
    this.#kernel.hold(inode);
    return {
      append: (text) => this.#kernel.write(inode, Buffer.concat([inode.content, Buffer.from(text)])),
      close: () => this.#kernel.release(inode),
    };
  }

  /** Replaces a file that stands at `to`. */
  rename(from: string, to: string): void {
    this.#kernel.rename(...this.#place(from), ...this.#place(to));
  }

  remove(path: string): void {
    this.#kernel.unlink(...this.#place(path));
  }

  /** With all that is in it. */
  removeTree(path: string): void {
    const [folder, name] = this.#place(path);
    if (this.#kernel.get(folder, name).kind !== 'folder') {
      this.#kernel.unlink(folder, name);
      return;
    }
    for (const child of this.#kernel.names(this.#kernel.enter(folder, name))) this.removeTree(`${path}/${child}`);
    this.#kernel.removeFolder(folder, name);
  }

  /** With the folders above it that are missing. */
  makeFolder(path: string): void {
    let folder = this.#top();
    for (const name of path.split('/')) {
      if (this.#kernel.find(folder, name) === undefined) this.#kernel.create(folder, name, 'folder');
      folder = this.#kernel.enter(folder, name);
    }
  }

  makeLink(target: string, path: string): void {
    this.#kernel.create(...this.#place(path), 'link').target = target;
  }

  /** A second name for a file. */
  hardLink(path: string, to: string): void {
    this.#kernel.link(this.#get(path), ...this.#place(to));
  }

  /** A pipe or a socket. */
  makePipe(path: string): void {
    this.#kernel.create(...this.#place(path), 'other');
  }

  setTime(path: string, mtimeUs: number): void {
    this.#kernel.setTime(this.#get(path), BigInt(mtimeUs) * 1000n);
  }

  setMode(path: string, mode: number): void {
    this.#kernel.setMode(this.#get(path), mode);
  }

  /** Notes that it came from outside, or takes that off. */
  noteOrigin(path: string, fromOutside: boolean): void {
    this.#kernel.setOrigin(this.#get(path), fromOutside);
  }

  readText(path: string): string {
    return textOf(this.#get(path));
  }

  exists(path: string): boolean {
    return this.find(path) !== undefined;
  }

  /** The item; undefined where nothing stands. */
  find(path: string): Inode | undefined {
    let inode: Inode | undefined = this.#top();
    for (const name of path === '' ? [] : path.split('/')) {
      if (inode?.kind !== 'folder') return undefined;
      inode = (inode.mounted ?? inode).entries.get(this.#kernel.keyOf(name))?.inode;
    }
    return inode;
  }

  /** Everything under the folder, by path; Cachette's own folder only where it is asked for. */
  tree(folder = ''): Map<string, Seen> {
    const found: (readonly [path: string, seen: Seen])[] = [];
    this.#visit(folder, (path, inode) => found.push([path, toSeen(inode, this.#kernel)]));
    return new Map(found.toSorted(byPath));
  }

  #visit(folder: string, found: (path: string, inode: Inode) => void): void {
    const visit = (inode: Inode, prefix: string): void => {
      for (const { name, inode: child } of (inode.mounted ?? inode).entries.values()) {
        const path = prefix + name;
        if (path === '.cachette') continue;
        found(path, child);
        if (child.kind === 'folder') visit(child, `${path}/`);
      }
    };
    const inode = this.find(folder);
    if (inode !== undefined) visit(inode, folder === '' ? '' : `${folder}/`);
  }

  /** What stands at the path; undefined where nothing does. */
  see(path: string): Seen | undefined {
    const inode = this.find(path);
    return inode === undefined ? undefined : toSeen(inode, this.#kernel);
  }

  /** Texts of all files under the folder, by path. */
  texts(folder = ''): Record<string, string> {
    const found: (readonly [path: string, text: string])[] = [];
    this.#visit(folder, (path, inode) => {
      if (inode.kind === 'file') found.push([path, textOf(inode)]);
    });
    return Object.fromEntries(found.toSorted(byPath));
  }

  /** Lays a file system (by default an empty one) over the folder; what was in it is out of sight. */
  mount(path: string, disk?: MountedDisk): void {
    const inode = this.#get(path);
    const mounted = disk ?? this.#kernel.makeFileSystem();
    this.#kernel.mountAnew(mounted);
    mounted.parent = inode.parent;
    mounted.parentName = inode.parentName;
    inode.mounted = mounted;
  }

  /** Lays an empty folder that stands elsewhere on the same file system over this one. */
  bindMount(path: string): void {
    this.mount(path, this.#kernel.makeFileSystem(this.#get(path).device));
  }

  /** The file system, to be mounted again. */
  unmount(path: string): MountedDisk | undefined {
    const inode = this.#get(path);
    const { mounted } = inode;
    inode.mounted = undefined;
    return mounted;
  }

  /** The disk with the synced folder goes away; `bringBack` puts it where it was. */
  takeAway(): { bringBack: () => void } {
    const top = this.#top();
    this.#kernel.top = undefined;
    return {
      bringBack: () => {
        this.#kernel.top = top;
      },
    };
  }

  /** An empty folder stands where the synced one was, as a mount point does without its disk. */
  showMountPoint(): { bringBack: () => void } {
    const back = this.takeAway();
    this.#kernel.top = this.#kernel.makeFileSystem();
    return back;
  }

  #top(): Inode {
    if (this.#kernel.top === undefined) throw posixError('ENOENT', 'the synced folder');
    return this.#kernel.top;
  }

  #get(path: string): Inode {
    const inode = this.find(path);
    if (inode === undefined) throw posixError('ENOENT', path);
    return inode;
  }

  /** Folder and name of a path. */
  #place(path: string): [Inode, string] {
    const at = path.lastIndexOf('/');
    let folder = this.#top();
    for (const name of at < 0 ? [] : path.slice(0, at).split('/')) folder = this.#kernel.enter(folder, name);
    return [folder, path.slice(at + 1)];
  }
}

/** A content is never changed in place, and asked for again after every act. */
const texts = new WeakMap<Uint8Array, string>();

function textOf({ content }: Inode): string {
  let text = texts.get(content);
  if (text === undefined) texts.set(content, (text = Buffer.from(content).toString('utf8')));
  return text;
}

function byPath([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function toBytes(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? new Uint8Array(Buffer.from(content)) : new Uint8Array(content);
}

function toSeen(inode: Inode, kernel: FakeKernel): Seen {
  const { mtimeNs, mode } = inode.stat(kernel.personality);
  return {
    kind: inode.kind,
    text: textOf(inode),
    target: inode.target,
    mtimeUs: Number(mtimeNs / 1000n),
    executable: inode.kind === 'file' && (mode & 0o100) !== 0,
    fromOutside: inode.fromOutside,
  };
}
