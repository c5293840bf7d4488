/** What people do in a folder, as plain data: it can be printed, replayed on another disk, and made smaller. */
import { unreachable } from '../../src/base/failure.ts';
import { rootId } from '../../src/model/ids.ts';
import type { SeededChoice } from '../world/seeded-choice.ts';
import type { DiskItem, Inode, ItemKind, PlannerDisk } from './planner-disk.ts';

/** Paths are as they are at that moment. */
export type Act =
  | { readonly do: 'make'; readonly at: string; readonly kind: ItemKind; readonly text: string }
  /** Writes other content (or, for a link, another target) into the same item. */
  | { readonly do: 'edit'; readonly at: string; readonly text: string }
  /** Saves as most programs do: writes a new file, and renames it over the old one. */
  | { readonly do: 'save'; readonly at: string; readonly text: string }
  | { readonly do: 'touch'; readonly at: string }
  | { readonly do: 'chmod'; readonly at: string }
  /** Notes that it came from outside, or takes that away. */
  | { readonly do: 'note-origin'; readonly at: string }
  | { readonly do: 'remove'; readonly at: string }
  /** Renames or moves, over what stands there. */
  | { readonly do: 'move'; readonly at: string; readonly to: string }
  | { readonly do: 'swap'; readonly at: string; readonly to: string }
  /** A folder and the one above it trade places: the upper one is in the lower one then, each under the other's name. */
  | { readonly do: 'flip'; readonly at: string }
  /** Copies the bytes elsewhere and deletes the old file: moved, to another inode. */
  | { readonly do: 'carry'; readonly at: string; readonly to: string }
  /** Deletes it, and makes something of another kind under its name. */
  | { readonly do: 'swap-kind'; readonly at: string; readonly kind: ItemKind; readonly text: string };

/** What becomes of contents by an act, for a ledger. */
export interface Witness {
  /** A person saw this content and overwrote or deleted it. */
  ended(item: DiskItem): void;
  /** A person wrote this. */
  wrote(item: DiskItem): void;
}

const nobody: Witness = { ended: () => undefined, wrote: () => undefined };

/** Does the act. Whether it was possible: where a path is not there, or is taken, nothing happens. */
export function perform(disk: PlannerDisk, act: Act, witness: Witness = nobody): boolean {
  if (act.do === 'make') return make(disk, act, witness);
  const item = disk.at(act.at);
  if (item === undefined) return false;
  switch (act.do) {
    case 'edit':
    case 'save':
      return write(disk, item, { act, witness });
    case 'touch':
      if (item.kind !== 'folder') disk.change(item.inode, { mtimeUs: item.mtimeUs + 7 });
      return item.kind !== 'folder';
    case 'chmod':
      if (item.kind === 'file') disk.change(item.inode, { executable: !item.executable });
      return item.kind === 'file';
    case 'note-origin':
      if (item.kind === 'file') disk.change(item.inode, { fromOutside: !item.fromOutside });
      return item.kind === 'file';
    case 'remove':
      end(disk, item, witness);
      return true;
    case 'swap-kind':
      if (item.kind === act.kind) return false;
      end(disk, item, witness);
      return make(disk, act, witness);
    case 'move':
      return move(disk, item, { to: act.to, witness });
    case 'swap':
      return swap(disk, item, act.to);
    case 'flip':
      return flip(disk, item);
    case 'carry':
      return carry(disk, item, act.to);
    default:
      return unreachable(act);
  }
}

function make(disk: PlannerDisk, { at, kind, text }: { at: string; kind: ItemKind; text: string }, witness: Witness): boolean {
  const place = findPlace(disk, at);
  if (place === undefined || disk.at(at) !== undefined) return false;
  disk.make(place.parent, place.name, { kind, text: kind === 'folder' ? '' : text });
  witness.wrote(disk.get(at));
  return true;
}

function write(disk: PlannerDisk, item: DiskItem, { act, witness }: { act: Act & { text: string }; witness: Witness }): boolean {
  if (item.kind === 'folder') return false;
  witness.ended(item);
  if (act.do === 'save' || item.kind === 'link') {
    disk.remove(item.inode);
    disk.make(item.parent, item.name, { kind: item.kind, text: act.text, executable: item.executable, fromOutside: item.fromOutside });
  } else disk.change(item.inode, { text: act.text });
  witness.wrote(disk.get(act.do === 'make' ? '' : act.at));
  return true;
}

function end(disk: PlannerDisk, item: DiskItem, witness: Witness): void {
  for (const each of disk.below(item.inode)) witness.ended(each);
  disk.remove(item.inode);
}

function move(disk: PlannerDisk, item: DiskItem, { to, witness }: { to: string; witness: Witness }): boolean {
  const place = findPlace(disk, to);
  const there = disk.at(to);
  if (place === undefined || there?.inode === item.inode || isBelow(disk, item.inode, place.parent)) return false;
  if (there !== undefined) {
    if (isBelow(disk, there.inode, item.inode)) return false;
    end(disk, there, witness);
  }
  disk.move(item.inode, place.parent, place.name);
  return true;
}

function swap(disk: PlannerDisk, item: DiskItem, to: string): boolean {
  const there = disk.at(to);
  if (there === undefined || isBelow(disk, item.inode, there.inode) || isBelow(disk, there.inode, item.inode)) return false;
  disk.move(there.inode, there.parent, 'aside');
  disk.move(item.inode, there.parent, there.name);
  disk.move(there.inode, item.parent, item.name);
  return true;
}

function flip(disk: PlannerDisk, item: DiskItem): boolean {
  const above = disk.items.get(item.parent);
  if (item.kind !== 'folder' || above === undefined || disk.childNamed(item.inode, item.name) !== undefined) return false;
  disk.move(item.inode, above.parent, 'aside');
  disk.move(above.inode, item.inode, item.name);
  disk.move(item.inode, above.parent, above.name);
  return true;
}

function carry(disk: PlannerDisk, item: DiskItem, to: string): boolean {
  const place = findPlace(disk, to);
  if (item.kind !== 'file' || place === undefined || disk.at(to) !== undefined) return false;
  const { text, mtimeUs, executable, fromOutside } = item;
  disk.make(place.parent, place.name, { kind: 'file', text, mtimeUs, executable, fromOutside });
  disk.remove(item.inode);
  return true;
}

function findPlace(disk: PlannerDisk, path: string): { parent: Inode; name: string } | undefined {
  const cut = path.lastIndexOf('/');
  if (cut < 0) return { parent: rootId, name: path };
  const folder = disk.at(path.slice(0, cut));
  return folder?.kind === 'folder' ? { parent: folder.inode, name: path.slice(cut + 1) } : undefined;
}

/** Whether the item is that folder, or stands below it. */
function isBelow(disk: PlannerDisk, folder: Inode, item: Inode): boolean {
  for (let at = disk.items.get(item); at !== undefined; at = disk.items.get(at.parent)) if (at.inode === folder) return true;
  return false;
}

export interface ActSource {
  readonly names: readonly string[];
  /** A new content, or one that others write too. */
  text(): string;
}

/** An act that makes sense on this disk, mostly. */
export function chooseAct(disk: PlannerDisk, choice: SeededChoice, source: ActSource): Act {
  const items = [...disk.items.values()];
  const folders = items.filter(({ kind }) => kind === 'folder');
  const folder = choice.of([undefined, ...folders]);
  const name = choice.of(source.names) ?? 'a';
  const free = folder === undefined ? name : `${disk.pathOf(folder)}/${name}`;
  const item = choice.of(items);
  const kind = choice.of(['file', 'file', 'file', 'folder', 'folder', 'link'] as const) ?? 'file';
  const roll = choice.below(20);
  if (item === undefined || roll < 5) return { do: 'make', at: free, kind, text: source.text() };
  const at = disk.pathOf(item);
  const other = choice.of(items) ?? item;
  if (roll < 7) return { do: 'edit', at, text: source.text() };
  if (roll < 8) return { do: 'save', at, text: source.text() };
  if (roll < 9) return { do: choice.of(['touch', 'chmod', 'note-origin'] as const) ?? 'touch', at };
  if (roll < 12) return { do: 'remove', at };
  if (roll < 13) return { do: 'swap-kind', at, kind, text: source.text() };
  if (roll < 14) return { do: 'carry', at, to: free };
  if (roll < 16) return choice.below(3) === 0 ? { do: 'flip', at } : { do: 'swap', at, to: disk.pathOf(other) };
  return { do: 'move', at, to: roll < 17 ? disk.pathOf(other) : free };
}

/** The act in few words, for a log. */
export function describeAct(act: Act): string {
  if (act.do === 'make' || act.do === 'swap-kind') return `${act.do} ${act.kind} ${act.at}${act.kind === 'folder' ? '' : ` = ${act.text}`}`;
  if ('to' in act) return `${act.do} ${act.at} → ${act.to}`;
  return 'text' in act ? `${act.do} ${act.at} = ${act.text}` : `${act.do} ${act.at}`;
}
