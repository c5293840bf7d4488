/**
 * What people and other programs do in a synced folder, as plain data: a history is a list of these and can be cut down.
 * An act that is not possible (any more) does nothing.
 */
import { unreachable } from '../../src/base/failure.ts';
import type { FakeDisk } from '../world/fake-disk/fake-disk.ts';
import { isWithin } from './is-within.ts';
import type { Ledger } from './ledger.ts';

export type UserAct =
  /**
   * Makes the file or writes over it; `saved`: as editors do, by a new file that is renamed over the old one. `fromOutside`: downloads
   * it, which is noted where the disk has such notes.
   */
  | { readonly act: 'write'; readonly path: string; readonly text: string; readonly saved: boolean; readonly fromOutside?: true }
  | { readonly act: 'append'; readonly path: string; readonly text: string }
  | { readonly act: 'mkdir'; readonly path: string }
  /** With all that is in it. */
  | { readonly act: 'remove'; readonly path: string }
  /** Over whatever stands there. */
  | { readonly act: 'move'; readonly path: string; readonly to: string }
  | { readonly act: 'swap'; readonly path: string; readonly to: string }
  | { readonly act: 'copy'; readonly path: string; readonly to: string }
  | { readonly act: 'touch'; readonly path: string; readonly mtimeUs: number }
  | { readonly act: 'chmod'; readonly path: string; readonly executable: boolean }
  /** Notes that the file came from outside, or takes that off; only where the disk has such notes. */
  | { readonly act: 'note-origin'; readonly path: string; readonly fromOutside: boolean }
  | { readonly act: 'link'; readonly path: string; readonly target: string }
  | { readonly act: 'hard-link'; readonly path: string; readonly to: string }
  | { readonly act: 'pipe'; readonly path: string }
  /** Takes all rights to a file or folder away; `unlock` gives them back. */
  | { readonly act: 'lock' | 'unlock'; readonly path: string };

/** Somebody with a folder. */
export interface Actor {
  readonly name: string;
  readonly disk: FakeDisk;
}

/** Does it, and tells the ledger. Whether anything came of it. */
export function doAct(actor: Actor, act: UserAct, ledger: Ledger): boolean {
  const before = Object.entries(actor.disk.user.texts());
  try {
    return new Doing(actor, ledger).run(act);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    // It may have come half-way: what it removed until then is gone, and what it moved is elsewhere.
    const now = actor.disk.user.texts();
    const left = new Set(Object.values(now));
    const gone = before.filter(([, text]) => !left.has(text)).map(([, text]) => text);
    if (gone.length > 0) ledger.ended(actor.name, gone);
    const moved = before.filter(([path, text]) => left.has(text) && now[path] !== text).map(([, text]) => text);
    if (moved.length > 0) ledger.moved(actor.name, moved);
    return false;
  }
}

/** As a person would tell it. */
export function describeAct(act: UserAct): string {
  switch (act.act) {
    case 'write':
      return `${writingOf(act)} ${act.path} = ${brief(act.text)}`;
    case 'append':
      return `appends ${brief(act.text)} to ${act.path}`;
    case 'move':
    case 'swap':
    case 'copy':
    case 'hard-link':
      return `${act.act}s ${act.path} ${act.act === 'swap' ? 'and' : 'to'} ${act.to}`;
    case 'touch':
      return `touches ${act.path} (${act.mtimeUs})`;
    case 'chmod':
      return `chmod ${act.executable ? '+x' : '-x'} ${act.path}`;
    case 'note-origin':
      return `notes that ${act.path} came from ${act.fromOutside ? 'outside' : 'nowhere'}`;
    case 'link':
      return `links ${act.path} -> ${act.target}`;
    case 'mkdir':
    case 'remove':
    case 'pipe':
    case 'lock':
    case 'unlock':
      return `${act.act} ${act.path}`;
    default:
      return unreachable(act);
  }
}

function writingOf({ saved, fromOutside }: Extract<UserAct, { act: 'write' }>): string {
  return fromOutside === true ? 'downloads' : saved ? 'saves' : 'writes';
}

/** Names under which this act, done now, puts something that did not stand there. */
export function namesGivenBy(act: UserAct, { disk: { user } }: Actor): readonly string[] {
  const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  if (act.act === 'swap') return [nameOf(act.path), nameOf(act.to)];
  // Folders on the way that are not there are made, too.
  const added = (path: string): string[] => path.split('/').filter((_, at, names) => !user.exists(names.slice(0, at + 1).join('/')));
  if ('to' in act) return [...new Set([...added(act.to), nameOf(act.to)])];
  return ['write', 'mkdir', 'link', 'pipe'].includes(act.act) ? added(act.path) : [];
}

/** What others know by that path: where a disk can't hold a name beside another one, it shows it with a mark. */
function knownAs(shown: string): string {
  return shown.replaceAll(/~cachette-[0-9a-f]{6}/g, '');
}

function knownTexts(texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(texts).map(([path, text]) => [knownAs(path), text]));
}

function brief(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}… (${text.length})` : text);
}

/** What the file system says no to: then the person lets it be. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code);
}

class Doing {
  readonly #actor: Actor;
  readonly #user: FakeDisk['user'];
  readonly #ledger: Ledger;

  constructor(actor: Actor, ledger: Ledger) {
    this.#actor = actor;
    this.#user = actor.disk.user;
    this.#ledger = ledger;
  }

  run(act: UserAct): boolean {
    switch (act.act) {
      case 'write':
        return this.#write(act);
      case 'append':
        return this.#append(act);
      case 'lock':
      case 'unlock':
      case 'touch':
      case 'chmod':
        return this.#setMeta(act);
      case 'note-origin':
        return this.#noteOrigin(act);
      case 'mkdir':
        return this.#makeFolder(act.path);
      case 'remove':
        return this.#remove(act.path);
      case 'move':
        return this.#move(act);
      case 'swap':
        return this.#swap(act);
      case 'copy':
        return this.#copy(act);
      case 'link':
        return this.#isFree(act.path) && this.#did(() => this.#user.makeLink(act.target, act.path));
      case 'hard-link':
        return this.#hardLink(act);
      case 'pipe':
        return this.#isFree(act.path) && this.#did(() => this.#user.makePipe(act.path));
      default:
        return unreachable(act);
    }
  }

  #setMeta(act: Extract<UserAct, { act: 'lock' | 'unlock' | 'touch' | 'chmod' }>): boolean {
    const kind = this.#user.find(act.path)?.kind;
    if (kind !== 'file' && (kind !== 'folder' || act.act === 'touch' || act.act === 'chmod')) return false;
    if (act.act === 'lock' && kind === 'folder')
      this.#ledger.closedFolder(this.#actor.name, this.#shownAs(act.path), this.#textsAt(act.path));
    if (act.act === 'touch') this.#user.setTime(act.path, act.mtimeUs);
    else if (act.act === 'chmod') this.#user.setMode(act.path, act.executable ? 0o755 : 0o644);
    else this.#user.setMode(act.path, act.act === 'lock' ? 0 : kind === 'folder' ? 0o755 : 0o644);
    return true;
  }

  #noteOrigin({ path, fromOutside }: Extract<UserAct, { act: 'note-origin' }>): boolean {
    const inode = this.#user.find(path);
    if (inode?.kind !== 'file' || inode.fromOutside === fromOutside) return false;
    this.#user.noteOrigin(path, fromOutside);
    this.#ledger.forgetOrigin([this.#user.readText(path)]);
    return true;
  }

  #write({ path, text, saved, fromOutside }: Extract<UserAct, { act: 'write' }>): boolean {
    const there = this.#user.find(path);
    if (there !== undefined && there.kind !== 'file') return false;
    const before = there === undefined ? undefined : this.#user.readText(path);
    const isRespelled = saved && this.#shownAs(path) !== path;
    if (saved) this.#user.saveFile(path, text);
    else this.#user.writeFile(path, text);
    if (before !== undefined) this.#ledger.ended(this.#actor.name, [before]);
    this.#wrote(path, text, before);
    // The folder shows it under another spelling of its name: it was moved there.
    if (isRespelled) this.#ledger.moved(this.#actor.name, [text]);
    if (fromOutside === true && this.#actor.disk.kernel.personality.hasOriginNotes) {
      this.#user.noteOrigin(path, true);
      this.#ledger.cameFromOutside(text);
    }
    return true;
  }

  #append({ path, text }: Extract<UserAct, { act: 'append' }>): boolean {
    if (!this.#isKind(path, 'file')) return false;
    const before = this.#user.readText(path);
    this.#user.append(path, text);
    this.#ledger.ended(this.#actor.name, [before]);
    this.#wrote(path, before + text, before);
    return true;
  }

  /** A file of several names shows it under all of them. */
  #wrote(path: string, text: string, before: string | undefined): void {
    this.#ledger.wrote(this.#actor.name, text, before);
    if ((this.#user.find(path)?.linkCount ?? 1) > 1) this.#ledger.copied(this.#actor.name, text);
  }

  /** One that was removed before, and nobody knew of yet, was renamed to all that the folder shows, where both spellings are one name. */
  #makeFolder(path: string): boolean {
    if (!this.#isFree(path)) return false;
    const isRespelled = (other: string): boolean => other !== path && this.#fold(other) === this.#fold(path);
    const former = this.#ledger.unpublishedFolderEnds(this.#actor.name).find(isRespelled);
    this.#user.makeFolder(path);
    if (former === undefined) return true;
    this.#ledger.moved(this.#actor.name, []);
    this.#ledger.movedFolder(this.#actor.name, former, path);
    return true;
  }

  #remove(path: string): boolean {
    if (this.#isFree(path)) return false;
    const texts = this.#textsAt(path);
    const shown = this.#shownAs(path);
    const inFolder = this.#isKind(path, 'folder') ? this.#user.texts(shown) : undefined;
    this.#noteKinds(shown);
    this.#user.removeTree(path);
    this.#ended(shown, texts, inFolder);
    return true;
  }

  #move({ path, to }: Extract<UserAct, { act: 'move' }>): boolean {
    if (this.#isFree(path)) return false;
    if (this.#fold(path) === this.#fold(to)) return this.#respell(path, to);
    if (this.#areNested(path, to)) return false;
    const gone = this.#textsAt(to);
    const moved = this.#textsAt(path);
    const isPlain = this.#isKind(path, 'file') && this.#isKind(to, 'file');
    const isFolder = this.#isKind(path, 'folder');
    const [from, over] = [this.#shownAs(path), this.#shownAs(to)];
    const carried = isFolder ? this.#user.texts(from) : {};
    const inFolder = this.#isKind(to, 'folder') ? this.#user.texts(over) : undefined;
    if (!this.#isFree(to)) this.#noteKinds(over);
    this.#noteForgotten(from);
    if (!isPlain && !this.#isFree(to)) this.#user.removeTree(to);
    this.#user.rename(path, to);
    this.#ended(over, gone, inFolder);
    this.#ledger.moved(this.#actor.name, moved);
    this.#noteMovedKinds(to);
    if (isFolder) this.#movedFolder(from, to, carried);
    if (isPlain) this.#ledger.joined([...gone, ...moved]);
    // Nor a file that took another one's place from a copy over that one, with its own removed. Where somebody else moved it, a move is
    // a wish to keep: then its content stands in both places.
    if (isPlain && !this.#actor.disk.kernel.personality.hasBirthTimes) this.#ledger.loosen(moved);
    this.#maySeemNew(moved);
    return true;
  }

  #swap({ path, to }: Extract<UserAct, { act: 'swap' }>): boolean {
    if (this.#isFree(path) || this.#isFree(to) || this.#areNested(path, to)) return false;
    const texts = [...this.#textsAt(path), ...this.#textsAt(to)];
    for (const place of [path, to]) this.#noteForgotten(this.#shownAs(place));
    const aside = `${to}.aside`;
    this.#user.rename(to, aside);
    this.#user.rename(path, to);
    this.#user.rename(aside, path);
    this.#ledger.moved(this.#actor.name, texts);
    for (const place of [path, to]) this.#noteMovedKinds(place);
    this.#maySeemNew(texts);
    for (const [now, was] of [
      [path, to],
      [to, path],
    ] as const) {
      const carried = Object.entries(this.#user.texts(now)).map(([at, text]) => [was + at.slice(now.length), text]);
      if (this.#isKind(now, 'folder')) this.#movedFolder(was, now, Object.fromEntries(carried) as Record<string, string>);
    }
    return true;
  }

  /** `carried`: what was in it, by its paths before. */
  #movedFolder(from: string, to: string, carried: Readonly<Record<string, string>>): void {
    const { name, disk } = this.#actor;
    this.#ledger.movedFolder(name, knownAs(from), knownAs(to));
    // Without birth times nobody can tell a moved folder from a new one.
    if (!disk.kernel.personality.hasBirthTimes) this.#ledger.endedFolder(name, knownAs(from), knownTexts(carried));
  }

  /** Of what is moved: without birth times nobody can tell a folder or link that was moved from a new one. */
  #noteForgotten(shown: string): void {
    if (!this.#actor.disk.kernel.personality.hasBirthTimes) this.#noteKinds(shown);
  }

  /** Of what goes, as the disk shows it. */
  #noteKinds(shown: string): void {
    for (const [path, { kind }] of this.#user.tree())
      if (isWithin(path, shown) && (kind === 'folder' || kind === 'link')) this.#ledger.removedOne(kind);
  }

  #noteMovedKinds(to: string): void {
    const top = this.#shownAs(to);
    for (const [path, { kind }] of this.#user.tree())
      if (isWithin(path, top) && (kind === 'folder' || kind === 'link')) this.#ledger.movedKind(this.#actor.name, path, kind);
  }

  /** Where files have no identity, one that was moved is found by its content alone: beside its own copy, it is anybody's. */
  #maySeemNew(moved: readonly string[]): void {
    if (!this.#actor.disk.kernel.personality.hasBirthTimes) this.#ledger.forgetOrigin(moved);
  }

  #ended(path: string, texts: readonly string[], inFolder: Readonly<Record<string, string>> | undefined): void {
    const [text] = texts;
    this.#ledger.ended(this.#actor.name, texts, knownTexts(inFolder ?? (text === undefined ? {} : { [path]: text })));
    if (inFolder !== undefined) this.#ledger.endedFolder(this.#actor.name, knownAs(path), knownTexts(inFolder));
    this.#ledger.carried(this.#actor.name, texts, new Set(Object.values(this.#user.texts())));
  }

  #copy({ path, to }: Extract<UserAct, { act: 'copy' }>): boolean {
    if (!this.#isKind(path, 'file') || !this.#isFree(to)) return false;
    const text = this.#user.readText(path);
    this.#user.writeFile(to, text);
    this.#ledger.copied(this.#actor.name, text);
    return true;
  }

  #hardLink({ path, to }: Extract<UserAct, { act: 'hard-link' }>): boolean {
    if (!this.#isKind(path, 'file') || !this.#isFree(to)) return false;
    this.#ledger.copied(this.#actor.name, this.#user.readText(path));
    this.#user.hardLink(path, to);
    return true;
  }

  /** The same item under another spelling of its name, on a disk to which that is one name. */
  #respell(path: string, to: string): boolean {
    if (path === to) return false;
    const from = this.#shownAs(path);
    this.#user.rename(path, to);
    this.#ledger.moved(this.#actor.name, this.#textsAt(to));
    if (this.#isKind(to, 'folder')) this.#ledger.movedFolder(this.#actor.name, from, to);
    return true;
  }

  /** As the disk tells names apart. */
  #fold(path: string): string {
    return path
      .split('/')
      .map((name) => this.#actor.disk.kernel.keyOf(name))
      .join('/');
  }

  /** How the disk shows what stands there, by which others know it. */
  #shownAs(path: string): string {
    const folded = this.#fold(path);
    return [...this.#user.tree().keys()].find((shown) => this.#fold(shown) === folded) ?? path;
  }

  #areNested(a: string, b: string): boolean {
    return isWithin(this.#fold(a), this.#fold(b)) || isWithin(this.#fold(b), this.#fold(a));
  }

  #did(run: () => void): true {
    run();
    return true;
  }

  #isFree(path: string): boolean {
    return this.#user.find(path) === undefined;
  }

  #isKind(path: string, kind: 'file' | 'folder'): boolean {
    return this.#user.find(path)?.kind === kind;
  }

  #textsAt(path: string): string[] {
    if (this.#isKind(path, 'file')) return [this.#user.readText(path)];
    return this.#isKind(path, 'folder') ? Object.values(this.#user.texts(path)) : [];
  }
}
