import { joinPath, topPath, type Disk, type DiskPath, type Listing } from '../disk/disk.ts';
import type { NodeName } from '../model/name.ts';

/** Rules about what stays out, by folder (src/disk/ignore-rules.ts). */
export interface RuleBook {
  learn(folder: DiskPath, rules: string | undefined): void;
  isIgnored(path: DiskPath, kind: 'file' | 'folder' | 'link'): boolean;
}

/** The file that holds a folder's rules, and how much of it is believed. */
export interface RuleFile {
  readonly name: NodeName;
  readonly maxBytes: number;
}

/**
 * Keeps the rule book up with the rule files that scans come by. A file that can't be read leaves the rules as they were; where there
 * were none, nobody knows what was to stay out, and nothing new goes into the vault from there until it can be read.
 */
export class FolderRules {
  readonly #book: RuleBook;
  readonly #file: RuleFile;
  /** What was last read of each folder's file. */
  readonly #read = new Map<DiskPath, string>();
  /** Folders whose file was never read, and could not be. */
  readonly #unknown = new Set<DiskPath>();

  constructor(book: RuleBook, file: RuleFile) {
    this.#book = book;
    this.#file = file;
  }

  /** Whether a new item of that kind stays out of the vault. */
  isIgnored(path: DiskPath, kind: 'file' | 'folder' | 'link'): boolean {
    return this.#book.isIgnored(path, kind) || this.#isUnknown(path);
  }

  /** Whether an item of that name says what stays out of its folder. */
  isRuleFile(name: string): boolean {
    return name === this.#file.name;
  }

  /** Reads the folder's rules where they changed. */
  async refresh(disk: Disk, folder: DiskPath, listing: Listing): Promise<void> {
    if (typeof listing === 'string') return;
    const file = listing.entries.find(({ name, kind }) => name === this.#file.name && kind === 'file');
    if (file === undefined) {
      this.#unknown.delete(folder);
      if (this.#read.delete(folder)) this.#book.learn(folder, undefined);
      return;
    }
    if (this.#read.get(folder) === file.fingerprint || file.sizeBytes > this.#file.maxBytes) return;
    const blocks: Uint8Array[] = [];
    const outcome = await disk.read(joinPath(folder, file.name), file, (block) => void blocks.push(block), this.#file.maxBytes);
    if (typeof outcome === 'string') {
      if (!this.#read.has(folder)) this.#unknown.add(folder);
      return;
    }
    this.#unknown.delete(folder);
    this.#book.learn(folder, Buffer.concat(blocks).toString('utf8'));
    this.#read.set(folder, file.fingerprint);
  }

  /** The rule file itself is no secret: it says by its problem why nothing goes on. */
  #isUnknown(path: DiskPath): boolean {
    if (this.#unknown.size === 0 || this.isRuleFile(path.slice(path.lastIndexOf('/') + 1))) return false;
    return [...this.#unknown].some((folder) => folder === topPath || path.startsWith(`${folder}/`));
  }
}
