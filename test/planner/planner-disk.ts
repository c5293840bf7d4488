/** A disk as a person sees it: items with inodes, under paths. It knows nothing of nodes. */
import { rootId, type NodeId } from '../../src/model/ids.ts';
import type { NodeName } from '../../src/model/name.ts';

/** Names an item on one disk through all its renames; the root's is `rootId`. */
export type Inode = NodeId;
export type ItemKind = 'file' | 'folder' | 'link';

export interface DiskItem {
  readonly inode: Inode;
  readonly parent: Inode;
  readonly name: NodeName;
  readonly kind: ItemKind;
  /** Content, or the text of a link; empty for a folder. */
  readonly text: string;
  readonly mtimeUs: number;
  readonly executable: boolean;
  readonly fromOutside: boolean;
  /** Changes with every write, touch and change of mode (a real one's ctime). */
  readonly stamp: number;
}

/** What a new item is made of. */
export interface NewItem {
  readonly kind: ItemKind;
  readonly text: string;
  readonly mtimeUs?: number;
  readonly executable?: boolean;
  readonly fromOutside?: boolean;
}

export class PlannerDisk {
  readonly items = new Map<Inode, DiskItem>();
  readonly #newInode: () => Inode;
  #stamps = 0;

  constructor(newInode: () => Inode) {
    this.#newInode = newInode;
  }

  /** The item at the path ("a/b"); undefined where nothing is. */
  at(path: string): DiskItem | undefined {
    let parent: Inode = rootId;
    let item: DiskItem | undefined;
    for (const name of path.split('/')) {
      item = this.childNamed(parent, name);
      if (item === undefined) return undefined;
      parent = item.inode;
    }
    return item;
  }

  /** As `at`. Throws where nothing is: a test's own mistake. */
  get(path: string): DiskItem {
    const item = this.at(path);
    if (item === undefined) throw new Error(`nothing at ${path}`);
    return item;
  }

  pathOf(item: DiskItem): string {
    const above = this.items.get(item.parent);
    return above === undefined ? item.name : `${this.pathOf(above)}/${item.name}`;
  }

  childNamed(parent: Inode, name: string): DiskItem | undefined {
    for (const item of this.items.values()) if (item.parent === parent && item.name === name) return item;
    return undefined;
  }

  childrenOf(parent: Inode): DiskItem[] {
    return [...this.items.values()].filter((item) => item.parent === parent);
  }

  /** The item and all below it. */
  below(inode: Inode): DiskItem[] {
    const item = this.items.get(inode);
    return item === undefined ? [] : [item, ...this.childrenOf(inode).flatMap((child) => this.below(child.inode))];
  }

  /** Makes a new item; its name must be free. */
  make(parent: Inode, name: string, item: NewItem): Inode {
    if (this.childNamed(parent, name) !== undefined) throw new Error(`${name} is taken`);
    if (parent !== rootId && this.items.get(parent)?.kind !== 'folder') throw new Error(`no folder for ${name}`);
    const inode = this.#newInode();
    this.#stamps += 1;
    const whole = { mtimeUs: this.#stamps * 1000, executable: false, fromOutside: false, ...item };
    this.items.set(inode, { inode, parent, name: name as NodeName, stamp: this.#stamps, ...whole });
    return inode;
  }

  /** Changes content or metadata in place; the time moves on unless it is said. */
  change(inode: Inode, change: Partial<Pick<DiskItem, 'text' | 'mtimeUs' | 'executable' | 'fromOutside'>>): void {
    const item = this.items.get(inode);
    if (item === undefined) throw new Error('changes nothing');
    this.#stamps += 1;
    const mtimeUs = change.text === undefined ? item.mtimeUs : this.#stamps * 1000;
    this.items.set(inode, { ...item, mtimeUs, ...change, stamp: this.#stamps });
  }

  /** Renames; the name must be free there. */
  move(inode: Inode, parent: Inode, name: string): void {
    const item = this.items.get(inode);
    const there = this.childNamed(parent, name);
    if (item === undefined) throw new Error('moves nothing');
    if (there !== undefined && there.inode !== inode) throw new Error(`${name} is taken`);
    for (let at = this.items.get(parent); at !== undefined; at = this.items.get(at.parent)) {
      if (at.inode === inode) throw new Error('into itself');
    }
    this.items.set(inode, { ...item, parent, name: name as NodeName });
  }

  /** Deletes the item with all below it. */
  remove(inode: Inode): void {
    for (const item of this.below(inode)) this.items.delete(item.inode);
  }

  /** Path → what a person sees there: content, `-> target`, or `folder`; with a `*` for a program, and a `!` for what came from outside. */
  tree(): Record<string, string> {
    const found = [...this.items.values()].map((item): [string, string] => [this.pathOf(item), describe(item)]);
    return Object.fromEntries(found.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }
}

function describe({ kind, text, executable, fromOutside }: DiskItem): string {
  if (kind === 'folder') return 'folder';
  return kind === 'link' ? `-> ${text}` : `${text}${executable ? '*' : ''}${fromOutside ? '!' : ''}`;
}
