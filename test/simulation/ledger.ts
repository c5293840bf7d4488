/**
 * What people did, written down by the harness and not by the engine: what must be there in the end, and what must not.
 * Contents are known by their text; each is written once (but may be copied).
 */

import { isWithin } from './is-within.ts';

/** For each device, how many of its acts somebody knows of. */
type Seen = Map<string, number>;

/** An act of one device, and what its folder showed by then. */
interface Moment {
  readonly device: string;
  /** Place among its device's acts, from 1. */
  readonly number: number;
  readonly seen: ReadonlyMap<string, number>;
}

/** A folder that somebody moved, or removed with these contents (by their paths) in it. */
interface FolderAct {
  readonly path: string;
  readonly moment: Moment;
  readonly contents: Readonly<Record<string, string>>;
}

interface FolderEnd extends FolderAct {
  /** What its device had overwritten before, and nobody knew of yet. */
  readonly unpublished: readonly string[];
}

interface FolderMove extends FolderAct {
  readonly to: string;
}

export class Ledger {
  /** Nobody who saw these contents overwrote or deleted them. */
  readonly mustLive = new Set<string>();
  readonly everWritten = new Set<string>();
  /** Everybody who ever did anything. */
  readonly actors = new Set<string>();
  readonly #ended = new Map<string, Moment[]>();
  /** Of each device, by path, what was removed there. */
  readonly #removed = new Map<string, Map<string, string>>();
  /** Contents that went with the file they were in, whoever removed it. */
  readonly #removedTexts = new Set<string>();
  /** Kinds of items without a content of which somebody removed one. */
  readonly #removedKinds = new Set<'folder' | 'link'>();
  /** By the first content of the file. */
  readonly #moved = new Map<string, Moment[]>();
  /** Content to an earlier one of the same file. */
  readonly #files = new Map<string, string>();
  /** May stand in the tree more than once, or come back for a reason that is not told here. */
  readonly #loose = new Set<string>();
  /** By device and content, the number of the act that copied it last. */
  readonly #copies = new Map<string, number>();
  /** Were noted to come from outside as they were written, and nobody took that off. */
  readonly #fromOutside = new Set<string>();
  /** Folders and links that somebody moved, each by itself or with a folder. */
  readonly #movedKinds: { readonly path: string; readonly kind: 'folder' | 'link'; readonly moment: Moment }[] = [];
  readonly #movedFolders: FolderMove[] = [];
  readonly #endedFolders: FolderEnd[] = [];
  readonly #seenBy = new Map<string, Seen>();
  readonly #published: Seen = new Map();

  /**
   * What a device's folder holds from now on is known to nobody but it until its next whole sync. `before`: what the same
   * file held until now.
   */
  wrote(device: string, text: string, before?: string): void {
    if (before !== undefined) this.joined([before, text]);
    this.#moment(device);
    if (this.everWritten.has(text)) this.#loose.add(text);
    this.everWritten.add(text);
    this.mustLive.add(text);
  }

  /** A person who saw these contents replaced or deleted them. `removed`: by path, what went with the file it was in. */
  ended(device: string, texts: readonly string[], removed: Readonly<Record<string, string>> = {}): void {
    const moment = this.#moment(device);
    for (const [path, text] of Object.entries(removed)) {
      this.#removedBy(device).set(path, text);
      this.#removedTexts.add(text);
    }
    for (const text of texts) {
      this.mustLive.delete(text);
      note(this.#ended, text, moment);
    }
  }

  /**
   * To be told after `ended`: these contents went with a folder, and what was removed from it before and nobody knew of yet: by then it
   * is all the same. Where somebody else moved that folder meanwhile, or one in it, the move is a wish to keep it with all that is in
   * it, known to him or not.
   */
  endedFolder(device: string, path: string, contents: Readonly<Record<string, string>>): void {
    const [moment, unpublished] = [this.#latest(device), this.unpublishedEnds(device)];
    const formers = this.#formerPaths(device, path);
    const before = [...this.#removedBy(device)].flatMap(([at, text]) => {
      const former = formers.find((each) => isWithin(at, each));
      return former === undefined || !unpublished.includes(text) ? [] : [[path + at.slice(former.length), text] as const];
    });
    for (const former of formers) {
      const then = [...before, ...Object.entries(contents)].map(([at, text]) => [former + at.slice(path.length), text]);
      const end = { path: former, contents: Object.fromEntries(then) as FolderAct['contents'], moment, unpublished };
      this.#endedFolders.push(end);
      for (const move of this.#movedFolders) this.#keepMoved(move, end);
    }
  }

  /** To be told after `moved`: it was a folder. */
  movedFolder(device: string, path: string, to: string): void {
    const move = { path, to, contents: {}, moment: this.#latest(device) };
    this.#movedFolders.push(move);
    for (const end of this.#endedFolders) this.#keepMoved(move, end);
  }

  /** To be told after `moved`: a folder or link stands there by that. */
  movedKind(device: string, path: string, kind: 'folder' | 'link'): void {
    this.#movedKinds.push({ path, kind, moment: this.#latest(device) });
  }

  /**
   * Nobody may look into the folder any more. What was moved into it, and nobody has seen there, is gone from where it was to whoever looks;
   * removals elsewhere do not wait for a folder that may never be readable again.
   */
  closedFolder(device: string, path: string, texts: readonly string[]): void {
    const published = this.#published.get(device) ?? 0;
    const isUnseen = ({ device: mover, number }: Moment): boolean => mover === device && number > published;
    for (const text of texts) if (this.#moved.get(this.#fileOf(text))?.some(isUnseen) === true) this.#removedTexts.add(text);
    for (const moved of this.#movedKinds) if (isUnseen(moved.moment) && isWithin(moved.path, path)) this.#removedKinds.add(moved.kind);
  }

  /** To be told after `wrote`: noted to come from outside from the beginning. */
  cameFromOutside(text: string): void {
    this.#fromOutside.add(text);
  }

  /** Somebody took that off; or nobody may know any more which file it is that was noted. */
  forgetOrigin(texts: Iterable<string> = [...this.#fromOutside]): void {
    for (const text of texts) this.#fromOutside.delete(text);
  }

  /** Whether a file with that content, and no other, was noted to come from outside. */
  mustBeFromOutside(text: string): boolean {
    return this.#fromOutside.has(text) && !this.#loose.has(text);
  }

  /** Its move was told of as a copy: whoever misses it where it was takes it for removed there. */
  toldAsCopied(text: string): void {
    this.#removedTexts.add(text);
  }

  moved(device: string, texts: readonly string[]): void {
    const moment = this.#moment(device);
    for (const file of new Set(texts.map((text) => this.#fileOf(text)))) note(this.#moved, file, moment);
  }

  /** Contents of one file, one after the other: who moves it moves whatever it holds by then elsewhere. */
  joined(texts: readonly string[]): void {
    const [into, ...others] = new Set(texts.map((text) => this.#fileOf(text)));
    if (into === undefined) return;
    for (const other of others) {
      this.#files.set(other, into);
      for (const moment of this.#moved.get(other) ?? []) note(this.#moved, into, moment);
    }
  }

  copied(device: string, text: string): void {
    this.#loose.add(text);
    this.#copies.set(`${device} ${text}`, this.#moment(device).number);
  }

  /**
   * To be told after `ended`, with what stands in the folder then. What was copied and is deleted, before anybody knew of the copy, counts
   * as moved, also where it was written to in between; and so whatever somebody else made of that file meanwhile is there, too.
   */
  carried(device: string, texts: readonly string[], left: ReadonlySet<string>): void {
    const published = this.#published.get(device) ?? 0;
    const isNew = (text: string): boolean => (this.#copies.get(`${device} ${text}`) ?? 0) > published;
    const files = new Set([...left].filter(isNew).map((text) => this.#fileOf(text)));
    this.moved(
      device,
      texts.filter((text) => files.has(this.#fileOf(text))),
    );
  }

  /** From now on nothing is said about these but that they are not lost. */
  loosen(texts: Iterable<string>): void {
    for (const text of texts) this.#loose.add(text);
  }

  /** A person could not know better (the content was cut by a power failure of his own disk). */
  release(text: string): void {
    this.mustLive.delete(text);
    this.#loose.add(text);
  }

  /** That this device's person overwrote or deleted such contents counts for nobody; where others did, it still does. */
  forgetEnds(device: string, isVoid: (text: string) => boolean): void {
    for (const [text, ends] of this.#ended) {
      const others = ends.filter((end) => end.device !== device);
      if (others.length < ends.length && isVoid(text)) this.#ended.set(text, others);
    }
  }

  /** Whether a person at this device ever overwrote or deleted it. */
  isEndedBy(text: string, device: string): boolean {
    return this.#ended.get(text)?.some((end) => end.device === device) === true;
  }

  /** Somebody removed an item of this kind, or put another one in its place. */
  removedOne(kind: 'folder' | 'link'): void {
    this.#removedKinds.add(kind);
  }

  hasRemoved(kind: 'folder' | 'link'): boolean {
    return this.#removedKinds.has(kind);
  }

  /**
   * Whether somebody removed the file that held this once, or put another item in its place. So it looks, too, where he moved it and saved
   * it anew (on some disks: wrote into it): neither place nor item tell then that it is that file.
   */
  wasRemoved(text: string): boolean {
    const file = this.#fileOf(text);
    const isOf = (other: string): boolean => this.#fileOf(other) === file;
    if ([...this.#removedTexts].some(isOf)) return true;
    const movers = new Set(this.#moved.get(file)?.map(({ device }) => device));
    return [...this.#ended].some(([other, ends]) => isOf(other) && ends.some(({ device }) => movers.has(device)));
  }

  /** Contents whose end is not published yet: their device may forget that it was. */
  unpublishedEnds(device: string): string[] {
    const published = this.#published.get(device) ?? 0;
    return [...this.#ended]
      .filter(([, moments]) => moments.some((end) => end.device === device && end.number > published))
      .map(([text]) => text);
  }

  /** Folders that the device removed, by all their paths, and nobody knows of yet. */
  unpublishedFolderEnds(device: string): string[] {
    const published = this.#published.get(device) ?? 0;
    return this.#endedFolders.filter(({ moment }) => moment.device === device && moment.number > published).map(({ path }) => path);
  }

  /** What a sync that begins now is going to publish and to bring; told to `finishSync` if it ends well. */
  beginSync(device: string): { readonly own: number; readonly others: ReadonlyMap<string, number> } {
    return { own: this.#seenOf(device).get(device) ?? 0, others: new Map(this.#published) };
  }

  finishSync(device: string, { own, others }: ReturnType<Ledger['beginSync']>): void {
    this.#published.set(device, Math.max(this.#published.get(device) ?? 0, own));
    const seen = this.#seenOf(device);
    for (const [other, count] of others) seen.set(other, Math.max(seen.get(other) ?? 0, count));
  }

  /** Whether the content was deleted or overwritten by somebody who knew of every move of it: then it must not come back. */
  mustBeGone(text: string): boolean {
    if (this.mustLive.has(text) || this.#loose.has(text)) return false;
    const moves = this.#moved.get(this.#fileOf(text)) ?? [];
    return (this.#ended.get(text) ?? []).some((end) => moves.every((move) => isBefore(move, end)));
  }

  /** The path, and where that stood before its device moved it there: others know it by those. */
  #formerPaths(device: string, path: string): string[] {
    const found = [path];
    for (const { moment, path: from, to } of this.#movedFolders.toReversed()) {
      const last = found.at(-1) ?? path;
      if (moment.device === device && isWithin(last, to)) found.push(from + last.slice(to.length));
    }
    return found;
  }

  #keepMoved(move: FolderAct, end: FolderEnd): void {
    if (isBefore(move.moment, end.moment) || isBefore(end.moment, move.moment) || !isWithin(move.path, end.path)) return;
    const kept = Object.entries(end.contents)
      .filter(([path]) => isWithin(path, move.path))
      .map(([, text]) => text);
    const files = new Set(kept.map((text) => this.#fileOf(text)));
    this.loosen([...kept, ...end.unpublished.filter((text) => files.has(this.#fileOf(text)))]);
  }

  #removedBy(device: string): Map<string, string> {
    const known = this.#removed.get(device);
    if (known !== undefined) return known;
    const removed = new Map<string, string>();
    this.#removed.set(device, removed);
    return removed;
  }

  /** The moment of the device's last act. */
  #latest(device: string): Moment {
    const seen = this.#seenOf(device);
    return { device, number: seen.get(device) ?? 0, seen: new Map(seen) };
  }

  /** The first content that is known of this one's file. */
  #fileOf(text: string): string {
    let first = text;
    for (let before = this.#files.get(first); before !== undefined; before = this.#files.get(first)) first = before;
    return first;
  }

  #moment(device: string): Moment {
    const seen = this.#seenOf(device);
    const number = (seen.get(device) ?? 0) + 1;
    seen.set(device, number);
    return { device, number, seen: new Map(seen) };
  }

  #seenOf(device: string): Seen {
    const known = this.#seenBy.get(device);
    if (known !== undefined) return known;
    const seen: Seen = new Map();
    this.#seenBy.set(device, seen);
    return seen;
  }
}

/** Whether whoever did the second thing knew of the first. */
function isBefore(first: Moment, second: Moment): boolean {
  return first.number <= (second.seen.get(first.device) ?? 0);
}

function note(map: Map<string, Moment[]>, text: string, moment: Moment): void {
  const known = map.get(text);
  if (known === undefined) map.set(text, [moment]);
  else known.push(moment);
}
