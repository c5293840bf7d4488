import type { Clock } from '../../../src/base/clock.ts';
import { fraction, type Random } from '../../../src/base/random.ts';
import type { Stat } from '../../../src/disk/calls/file-calls.ts';
import { nameToBytes } from '../../../src/model/name.ts';
import { Inode, type Slot } from './inode.ts';
import { type Assignment, PendingEntries } from './pending-entries.ts';
import type { Personality } from './personality.ts';

/** An error as the system throws it. Most are expected, and hundreds are made in one history: without a stack, which costs the most of it. */
export function posixError(code: string, about = ''): Error {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const error = Object.assign(new Error(`${code}: ${about}`), { code });
  Error.stackTraceLimit = stackTraceLimit;
  return error;
}

/**
 * A file system in memory, at the level of inodes and names, no more permissive than a real one. What is written is
 * durable only after fsync; `losePower` leaves a legal subset. Knows no paths and no processes.
 */
export class FakeKernel {
  readonly personality: Personality;
  readonly #clock: Clock;
  readonly #pending = new PendingEntries();
  readonly #free: bigint[] = [];
  #lastNumber = 10n;
  #lastDevice = 40n;
  #lastMount = 20n;
  #stamps = 0;
  /** The synced folder; undefined while it is away. */
  top: Inode | undefined;

  constructor(clock: Clock, personality: Personality) {
    this.#clock = clock;
    this.personality = personality;
    this.top = this.makeFileSystem();
  }

  /** An empty file system: its top. With a device: an empty folder of that one, which stands outside of the synced folder. */
  makeFileSystem(device?: bigint): Inode {
    if (device === undefined) this.#lastDevice += 1n;
    this.#lastNumber += 1n;
    this.#lastMount += 1n;
    const top = new Inode(this.#lastNumber, device ?? this.#lastDevice, 'folder', this.#nowNs());
    top.mount = this.#lastMount;
    top.linkCount = 1;
    return top;
  }

  /** The file system is mounted once more: another mount by its number, as the system has it. */
  mountAnew(inode: Inode): void {
    this.#lastMount += 1n;
    const visit = (at: Inode): void => {
      at.mount = this.#lastMount;
      for (const { inode: child } of at.entries.values()) visit(child);
    };
    visit(inode);
  }

  // --- names

  find(folder: Inode, name: string): Inode | undefined {
    need(folder, 0o100);
    return folder.entries.get(this.keyOf(name))?.inode;
  }

  get(folder: Inode, name: string): Inode {
    const inode = this.find(folder, name);
    if (inode === undefined) throw posixError('ENOENT', name);
    return inode;
  }

  /** What opening the folder of this name gives: what is mounted there, if anything is. */
  enter(folder: Inode, name: string): Inode {
    const inode = this.get(folder, name);
    if (inode.kind !== 'folder') throw posixError('ENOTDIR', name);
    return inode.mounted ?? inode;
  }

  requireReadable(folder: Inode): void {
    need(folder, 0o400);
  }

  names(folder: Inode): string[] {
    this.requireReadable(folder);
    return [...folder.entries.values()].map((slot) => slot.name);
  }

  create(folder: Inode, name: string, kind: Stat['kind']): Inode {
    this.#needFree(folder, name);
    if (kind === 'link' && !this.personality.hasLinks) throw posixError('EPERM', name);
    const reused = this.personality.reusesInodes ? this.#free.pop() : undefined;
    if (reused === undefined) this.#lastNumber += 1n;
    const inode = new Inode(reused ?? this.#lastNumber, folder.device, kind, this.#nowNs());
    inode.mount = folder.mount;
    this.#assign([{ folder, key: this.keyOf(name), slot: this.#slot(name, inode) }]);
    return inode;
  }

  link(inode: Inode, folder: Inode, name: string): void {
    if (inode.mount !== folder.mount) throw posixError('EXDEV', name);
    if (!this.personality.hasHardLinks || inode.kind === 'folder') throw posixError('EPERM', name);
    this.#needFree(folder, name);
    this.#assign([{ folder, key: this.keyOf(name), slot: this.#slot(name, inode) }]);
    inode.ctimeNs = this.#nowNs();
  }

  unlink(folder: Inode, name: string): void {
    const inode = this.get(folder, name);
    if (inode.kind === 'folder') throw posixError('EISDIR', name);
    this.#assign([{ folder, key: this.keyOf(name), slot: undefined }]);
    inode.ctimeNs = this.#nowNs();
  }

  removeFolder(folder: Inode, name: string): void {
    const inode = this.get(folder, name);
    if (inode.kind !== 'folder') throw posixError('ENOTDIR', name);
    if (inode.mounted !== undefined) throw posixError('EBUSY', name);
    if (inode.entries.size > 0) throw posixError('ENOTEMPTY', name);
    this.#assign([{ folder, key: this.keyOf(name), slot: undefined }]);
  }

  rename(from: Inode, fromName: string, to: Inode, toName: string): void {
    const inode = this.get(from, fromName);
    const standing = this.find(to, toName);
    this.#checkMove(inode, to, toName);
    if (standing === inode && (from !== to || this.keyOf(fromName) !== this.keyOf(toName))) return;
    if (standing !== undefined && standing !== inode) checkReplace(inode, standing, toName);
    this.#assign([
      { folder: from, key: this.keyOf(fromName), slot: undefined },
      { folder: to, key: this.keyOf(toName), slot: this.#slot(toName, inode) },
    ]);
    inode.ctimeNs = this.#nowNs();
    if (standing !== undefined) standing.ctimeNs = this.#nowNs();
  }

  renameNew(from: Inode, fromName: string, to: Inode, toName: string): void {
    const inode = this.get(from, fromName);
    this.#checkMove(inode, to, toName);
    if (this.find(to, toName) !== undefined) throw posixError('EEXIST', toName);
    this.rename(from, fromName, to, toName);
  }

  exchange(a: Inode, aName: string, b: Inode, bName: string): void {
    const inodeA = this.get(a, aName);
    const inodeB = this.get(b, bName);
    this.#checkMove(inodeA, b, bName);
    this.#checkMove(inodeB, a, aName);
    this.#assign([
      { folder: a, key: this.keyOf(aName), slot: this.#slot(aName, inodeB) },
      { folder: b, key: this.keyOf(bName), slot: this.#slot(bName, inodeA) },
    ]);
    inodeA.ctimeNs = this.#nowNs();
    inodeB.ctimeNs = this.#nowNs();
  }

  // --- contents

  write(inode: Inode, content: Uint8Array): void {
    inode.content = content;
    inode.mtimeNs = this.#nowNs();
    inode.ctimeNs = inode.mtimeNs;
  }

  setTime(inode: Inode, mtimeNs: bigint): void {
    inode.mtimeNs = mtimeNs;
    inode.ctimeNs = this.#nowNs();
  }

  setMode(inode: Inode, mode: number): void {
    // As FAT does: every file has the bits, none can be cleared.
    if (!this.personality.hasExecuteBits && inode.kind === 'file' && (mode & 0o111) !== 0o111) throw posixError('EPERM');
    inode.mode = mode;
    inode.ctimeNs = this.#nowNs();
  }

  /** As NTFS does with a stream: it is written to, so that the file has another time. */
  setOrigin(inode: Inode, fromOutside: boolean): void {
    if (!this.personality.hasOriginNotes || inode.kind !== 'file') throw posixError('EINVAL');
    if (inode.fromOutside === fromOutside) return;
    inode.fromOutside = fromOutside;
    inode.mtimeNs = this.#nowNs();
    inode.ctimeNs = inode.mtimeNs;
  }

  // --- durability

  keepFolder(folder: Inode): void {
    this.#pending.keepFolder(folder);
  }

  /** Everything reaches the disk, as it does by itself within half a minute. */
  writeBack(): void {
    this.#pending.keepAll();
    for (const inode of this.#reach()) inode.keep();
  }

  /** The power fails: names and contents that were not made durable come back as far as chance has it. */
  losePower(random: Random): void {
    this.#pending.cut(random);
    const before = this.#reach();
    for (const inode of before) {
      inode.entries = new Map(inode.durableEntries);
      inode.linkCount = 0;
      inode.openCount = 0;
    }
    const after = this.#reach();
    this.#renumberTwins(after);
    for (const inode of after) {
      for (const { name, inode: child } of inode.entries.values()) {
        child.linkCount += 1;
        child.parent = inode;
        child.parentName = name;
      }
      if (inode.kind === 'file') loseContent(inode, random);
    }
    if (this.top !== undefined) this.top.linkCount = 1;
    for (const inode of after) inode.keep();
  }

  // --- handles

  hold(inode: Inode): void {
    inode.openCount += 1;
  }

  release(inode: Inode): void {
    inode.openCount -= 1;
    this.#freeUnused(inode);
  }

  /** `a/b/c` of what stands in a folder; for messages and hooks. */
  pathOf(folder: Inode, name: string): string {
    let path = name;
    for (let at = folder; at.parent !== undefined; at = at.parent) path = `${at.parentName}/${path}`;
    return path;
  }

  #reach(): Set<Inode> {
    const found = new Set<Inode>();
    const visit = (inode: Inode): void => {
      if (found.has(inode)) return;
      found.add(inode);
      for (const slot of [...inode.entries.values(), ...inode.durableEntries.values()]) visit(slot.inode);
      if (inode.mounted !== undefined) visit(inode.mounted);
    };
    if (this.top !== undefined) visit(this.top);
    return found;
  }

  /** A number that was freed and given away again, when the cut has brought back both. */
  #renumberTwins(inodes: ReadonlySet<Inode>): void {
    const taken = new Set<bigint>();
    for (const inode of inodes) {
      if (taken.has(inode.number)) {
        this.#lastNumber += 1n;
        inode.number = this.#lastNumber;
      }
      taken.add(inode.number);
    }
  }

  #assign(assignments: readonly Assignment[]): void {
    for (const { folder } of assignments) need(folder, 0o300);
    const nowNs = this.#nowNs();
    const displaced: Inode[] = [];
    for (const { folder, key, slot } of assignments) {
      const old = folder.entries.get(key)?.inode;
      if (old !== undefined) {
        old.linkCount -= 1;
        displaced.push(old);
      }
      if (slot === undefined) folder.entries.delete(key);
      else folder.entries.set(key, slot);
      folder.mtimeNs = nowNs;
      folder.ctimeNs = nowNs;
    }
    for (const { folder, slot } of assignments) {
      if (slot === undefined) continue;
      slot.inode.linkCount += 1;
      slot.inode.parent = folder;
      slot.inode.parentName = slot.name;
    }
    this.#pending.add(assignments);
    for (const inode of displaced) this.#freeUnused(inode);
  }

  #freeUnused(inode: Inode): void {
    if (inode.linkCount === 0 && inode.openCount === 0) this.#free.push(inode.number);
  }

  #checkMove(inode: Inode, to: Inode, toName: string): void {
    if (inode.mount !== to.mount) throw posixError('EXDEV', toName);
    if (inode.mounted !== undefined) throw posixError('EBUSY', toName);
    this.#checkName(toName);
    if (to.linkCount === 0) throw posixError('ENOENT', toName);
    for (let at: Inode | undefined = to; at !== undefined; at = at.parent) if (at === inode) throw posixError('EINVAL', toName);
  }

  #needFree(folder: Inode, name: string): void {
    this.#checkName(name);
    if (folder.linkCount === 0) throw posixError('ENOENT', name);
    if (this.find(folder, name) !== undefined) throw posixError('EEXIST', name);
  }

  #checkName(name: string): void {
    const { names, nameMaxBytes } = this.personality;
    if (nameToBytes(name).length > nameMaxBytes) throw posixError('ENAMETOOLONG', name);
    if (names === 'windows' && /[\u0000-\u001f<>:"\\|?*]|[. ]$/.test(name)) throw posixError('EINVAL', name);
    if (names !== 'bytes' && !name.isWellFormed()) throw posixError('EILSEQ', name);
  }

  #slot(name: string, inode: Inode): Slot {
    return { name: this.personality.unicode === 'nfd' ? name.normalize('NFD') : name, inode };
  }

  /** Under what a name is found. */
  keyOf(name: string): string {
    const form = this.personality.unicode === 'bytes' ? name : name.normalize('NFD');
    return this.personality.foldsCase ? form.toUpperCase().toLowerCase() : form;
  }

  /** Every call has a time of its own, as a kernel with fine-grained times gives to what was looked at. */
  #nowNs(): bigint {
    this.#stamps = (this.#stamps + 1) % 1_000_000;
    return BigInt(Math.floor(this.#clock.nowMs())) * 1_000_000n + BigInt(this.#stamps);
  }
}

function need(inode: Inode, bits: number): void {
  if (inode.kind === 'folder' && (inode.mode & bits) !== bits) throw posixError('EACCES');
}

function checkReplace(inode: Inode, standing: Inode, name: string): void {
  if (inode.kind === 'folder' && standing.kind !== 'folder') throw posixError('ENOTDIR', name);
  if (inode.kind !== 'folder' && standing.kind === 'folder') throw posixError('EISDIR', name);
  if (standing.entries.size > 0) throw posixError('ENOTEMPTY', name);
  if (standing.mounted !== undefined) throw posixError('EBUSY', name);
}

/** Of what was written since the last fsync: all, nothing, a beginning, or the size without the data. */
function loseContent(inode: Inode, random: Random): void {
  if (inode.isKept()) return;
  const { content, durable } = inode;
  const old = durable?.content ?? new Uint8Array(0);
  const draw = fraction(random);
  const length = Math.floor(fraction(random) * content.byteLength);
  if (content !== old) {
    if (draw < 0.25) inode.content = old;
    else if (draw < 0.5) inode.content = content.slice(0, length);
    else if (draw < 0.75) inode.content = new Uint8Array([...content.subarray(0, length), ...new Uint8Array(content.byteLength - length)]);
  }
  if (durable !== undefined && fraction(random) < 0.5) {
    inode.mtimeNs = durable.mtimeNs;
    inode.mode = durable.mode;
    inode.fromOutside = durable.fromOutside;
  }
}
