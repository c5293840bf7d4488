import type { Entry, FileCalls, Folder, OpenFile } from '../../../src/disk/calls/file-calls.ts';
import type { NodeName } from '../../../src/model/name.ts';
import { fakeBatches, type BatchCalls } from './fake-batches.ts';
import { type FakeKernel, posixError } from './fake-kernel.ts';
import type { Inode } from './inode.ts';

/** A call about to be made. Paths are as the synced folder shows them now, `.cachette/…` included. */
export interface Call {
  readonly verb: keyof FileCalls;
  readonly path: string;
  /** Second name of a rename, link or exchange. */
  readonly toPath: string | undefined;
  /** Whether it changes the disk. */
  readonly mutates: boolean;
  /** How many calls the disk has seen before (of all processes). */
  readonly index: number;
}

/** What a test does between the calls. */
export interface CallHooks {
  /** Before each call; may change the disk, kill the process (by throwing anything), or name the code that the call fails with. */
  onCall: (call: Call) => string | undefined;
  /** How many calls came before. */
  nextIndex: () => number;
  /** Before what takes time (reading, writing, fsync): where the scheduler lets others go first. */
  pause: (call: Call) => Promise<void>;
}

/** Room on the disk, as `statfs` would tell. */
export interface Room {
  freeBytes: number;
  totalBytes: number;
}

const mutating = new Set<keyof FileCalls>([
  'makeFolder',
  'makeLink',
  'link',
  'rename',
  'renameNew',
  'exchange',
  'unlink',
  'removeFolder',
  'setLinkTime',
  'setFileTime',
  'setFileMode',
  'setOrigin',
  'writeFile',
]);

interface Handle {
  readonly inode: Inode;
  readonly path: string;
  position: number;
}

/** One process's calls on the fake kernel. After `kill` every call throws, and its open files are closed. */
export class FakeCalls implements FileCalls {
  readonly #kernel: FakeKernel;
  readonly #hooks: CallHooks;
  readonly #room: Room;
  readonly #handles = new Map<number, Handle>();
  /** Folders that were opened for reading. */
  readonly #readable = new Set<Folder>();
  #lastHandle = 2;
  #alive = true;
  readonly renameNew?: (from: Entry, to: Entry) => void;
  readonly exchange?: (a: Entry, b: Entry) => void;
  readonly readOrigin?: (entry: Entry) => boolean;
  readonly setOrigin?: (entry: Entry, fromOutside: boolean) => void;
  readonly listFolder?: BatchCalls['listFolder'];
  readonly readFiles?: BatchCalls['readFiles'];
  readonly finishFiles?: BatchCalls['finishFiles'];
  readonly makeFiles?: BatchCalls['makeFiles'];
  readonly placeFiles?: BatchCalls['placeFiles'];

  constructor(kernel: FakeKernel, hooks: CallHooks, room: Room) {
    this.#kernel = kernel;
    this.#hooks = hooks;
    this.#room = room;
    if (kernel.personality.hasBatches)
      Object.assign(
        this,
        fakeBatches(this, (verb, at) => this.#beforeLong(verb, at === undefined ? '' : this.#handle(at).path)),
      );
    if (kernel.personality.hasOriginNotes) {
      this.readOrigin = (entry) => kernel.get(this.#call('readOrigin', entry), entry.name).fromOutside;
      this.setOrigin = (entry, fromOutside) => {
        const inode = kernel.get(this.#call('setOrigin', entry), entry.name);
        kernel.setOrigin(inode, fromOutside);
      };
    }
    if (kernel.personality.hasExchange) {
      this.renameNew = (from, to) => {
        const [a, b] = this.#callTwo('renameNew', from, to);
        kernel.renameNew(a, from.name, b, to.name);
      };
      this.exchange = (from, to) => {
        const [a, b] = this.#callTwo('exchange', from, to);
        kernel.exchange(a, from.name, b, to.name);
      };
    }
  }

  kill(): void {
    for (const { inode } of this.#handles.values()) this.#kernel.release(inode);
    this.#handles.clear();
    this.#alive = false;
  }

  /** Handles that are open; a test of leaks asks. */
  get openCount(): number {
    return this.#handles.size;
  }

  openTop(): Folder {
    this.#before('openTop', '');
    if (this.#kernel.top === undefined) throw posixError('ENOENT', 'the synced folder');
    return this.#open(this.#kernel.top, '') as Folder;
  }

  openFolder(parent: Folder, name: string): Folder {
    const { inode, path } = this.#handle(parent);
    if (name === '.') return this.#open(inode, path) as Folder;
    const below = this.#kernel.pathOf(inode, name);
    this.#before('openFolder', below);
    return this.#open(this.#kernel.enter(inode, name), below) as Folder;
  }

  closeFolder(folder: Folder): void {
    this.#close(folder);
  }

  statFolder(folder: Folder): ReturnType<FileCalls['statFolder']> {
    const { inode, path } = this.#handle(folder);
    this.#before('statFolder', path);
    return inode.stat(this.#kernel.personality);
  }

  readNames(folder: Folder): NodeName[] {
    const { inode, path } = this.#handle(folder);
    this.#before('readNames', path);
    return this.#kernel.names(inode) as NodeName[];
  }

  openToSync(folder: Folder): Folder {
    const { inode, path } = this.#handle(folder);
    this.#before('openToSync', path);
    this.#kernel.requireReadable(inode);
    const opened = this.#open(inode, path) as Folder;
    this.#readable.add(opened);
    return opened;
  }

  async syncFolder(folder: Folder): Promise<void> {
    const { inode, path } = this.#handle(folder);
    await this.#beforeLong('syncFolder', path);
    if (!this.#readable.has(folder)) this.#kernel.requireReadable(inode);
    this.#kernel.keepFolder(inode);
  }

  space(): Room {
    this.#before('space', '');
    return { ...this.#room };
  }

  lstat(entry: Entry): ReturnType<FileCalls['lstat']> {
    const folder = this.#call('lstat', entry);
    const inode = this.#kernel.find(folder, entry.name);
    return (inode?.mounted ?? inode)?.stat(this.#kernel.personality);
  }

  readLink(entry: Entry): string {
    const inode = this.#kernel.get(this.#call('readLink', entry), entry.name);
    if (inode.kind !== 'link') throw posixError('EINVAL', entry.name);
    return inode.target;
  }

  makeFolder(entry: Entry, mode: number): void {
    const inode = this.#kernel.create(this.#call('makeFolder', entry), entry.name, 'folder');
    inode.mode = mode & 0o755;
  }

  makeLink(target: string, entry: Entry): void {
    const folder = this.#call('makeLink', entry);
    this.#kernel.create(folder, entry.name, 'link').target = target;
  }

  link(from: Entry, to: Entry): void {
    const [a, b] = this.#callTwo('link', from, to);
    this.#kernel.link(this.#kernel.get(a, from.name), b, to.name);
  }

  rename(from: Entry, to: Entry): void {
    const [a, b] = this.#callTwo('rename', from, to);
    this.#kernel.rename(a, from.name, b, to.name);
  }

  unlink(entry: Entry): void {
    this.#kernel.unlink(this.#call('unlink', entry), entry.name);
  }

  removeFolder(entry: Entry): void {
    this.#kernel.removeFolder(this.#call('removeFolder', entry), entry.name);
  }

  setLinkTime(entry: Entry, mtimeUs: number): void {
    const inode = this.#kernel.get(this.#call('setLinkTime', entry), entry.name);
    this.#kernel.setTime(inode, BigInt(mtimeUs) * 1000n);
  }

  openFile(entry: Entry, how: 'read' | 'create'): OpenFile {
    const folder = this.#call('openFile', entry, how === 'create');
    const path = this.#kernel.pathOf(folder, entry.name);
    if (how === 'create') return this.#open(this.#kernel.create(folder, entry.name, 'file'), path) as OpenFile;
    const inode = this.#kernel.get(folder, entry.name);
    if (inode.kind === 'link') throw posixError('ELOOP', path);
    if ((inode.mode & 0o400) === 0) throw posixError('EACCES', path);
    return this.#open(inode, path) as OpenFile;
  }

  closeFile(file: OpenFile): void {
    this.#close(file);
  }

  statFile(file: OpenFile): ReturnType<FileCalls['statFile']> {
    const { inode, path } = this.#handle(file);
    this.#before('statFile', path);
    return inode.stat(this.#kernel.personality);
  }

  setFileTime(file: OpenFile, mtimeUs: number): void {
    const { inode, path } = this.#handle(file);
    this.#before('setFileTime', path);
    this.#kernel.setTime(inode, BigInt(mtimeUs) * 1000n);
  }

  setFileMode(file: OpenFile, mode: number): void {
    const { inode, path } = this.#handle(file);
    this.#before('setFileMode', path);
    this.#kernel.setMode(inode, mode);
  }

  async readFile(file: OpenFile, into: Uint8Array): Promise<number> {
    const handle = this.#handle(file);
    await this.#beforeLong('readFile', handle.path);
    if (handle.inode.kind === 'folder') throw posixError('EISDIR', handle.path);
    const part = handle.inode.content.subarray(handle.position, handle.position + into.byteLength);
    into.set(part);
    handle.position += part.byteLength;
    return part.byteLength;
  }

  async writeFile(file: OpenFile, bytes: Uint8Array, offset: number): Promise<void> {
    const handle = this.#handle(file);
    await this.#beforeLong('writeFile', handle.path);
    if (bytes.byteLength > this.#room.freeBytes) throw posixError('ENOSPC', handle.path);
    const { content } = handle.inode;
    const whole = new Uint8Array(Math.max(content.byteLength, offset + bytes.byteLength));
    whole.set(content);
    whole.set(bytes, offset);
    this.#kernel.write(handle.inode, whole);
  }

  async syncFile(file: OpenFile): Promise<void> {
    const { inode, path } = this.#handle(file);
    await this.#beforeLong('syncFile', path);
    inode.keep();
  }

  #handle(handle: number): Handle {
    const found = this.#handles.get(handle);
    if (found === undefined) throw posixError(this.#alive ? 'EBADF' : 'EKILLED');
    return found;
  }

  #open(inode: Inode, path: string): number {
    this.#lastHandle += 1;
    this.#handles.set(this.#lastHandle, { inode, path, position: 0 });
    this.#kernel.hold(inode);
    return this.#lastHandle;
  }

  #close(handle: number): void {
    const { inode } = this.#handle(handle);
    this.#handles.delete(handle);
    this.#kernel.release(inode);
  }

  #call(verb: keyof FileCalls, entry: Entry, mutates = mutating.has(verb)): Inode {
    const { inode } = this.#handle(entry.folder);
    this.#before(verb, this.#kernel.pathOf(inode, entry.name), undefined, mutates);
    return inode;
  }

  #callTwo(verb: keyof FileCalls, from: Entry, to: Entry): [Inode, Inode] {
    const a = this.#handle(from.folder).inode;
    const b = this.#handle(to.folder).inode;
    this.#before(verb, this.#kernel.pathOf(a, from.name), this.#kernel.pathOf(b, to.name));
    return [a, b];
  }

  #before(verb: keyof FileCalls, path: string, toPath?: string, mutates = mutating.has(verb)): void {
    this.#judge(this.#note(verb, path, toPath, mutates));
  }

  async #beforeLong(verb: keyof FileCalls, path: string): Promise<void> {
    const call = this.#note(verb, path, undefined, mutating.has(verb));
    await this.#hooks.pause(call);
    this.#judge(call);
  }

  #judge(call: Call): void {
    let code: string | undefined;
    try {
      code = this.#hooks.onCall(call);
    } catch (error) {
      // Whatever it throws, the process ends here: nothing tidies up after a crash.
      this.kill();
      throw error;
    }
    if (!this.#alive) throw posixError('EKILLED', call.path);
    if (code !== undefined) throw posixError(code, call.path);
  }

  #note(verb: keyof FileCalls, path: string, toPath: string | undefined, mutates: boolean): Call {
    if (!this.#alive) throw posixError('EKILLED', path);
    return { verb, path, toPath, mutates, index: this.#hooks.nextIndex() };
  }
}
