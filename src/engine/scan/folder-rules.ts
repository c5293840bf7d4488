import { joinPath, topPath, type Disk, type DiskPath, type Listed, type Listing } from '../../disk/disk.ts';
import { Failure } from '../../base/failure.ts';
import type { NodeName } from '../../model/name.ts';

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

/** Takes a byte order mark away, which would be part of the first rule. Throws for anything else than UTF-8. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Why rules can't be known, and what to do about it. */
interface RulesFault {
  readonly what: string;
  readonly action?: string;
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

  /** Reads the folder's rules where they changed. E_UNREADABLE of the file where they can't be known: it is tried again each time. */
  async refresh(disk: Disk, folder: DiskPath, listing: Listing): Promise<Failure | undefined> {
    if (typeof listing === 'string') return undefined;
    const file = listing.entries.find(({ name, kind }) => name === this.#file.name && (kind === 'file' || kind === 'link'));
    if (file === undefined) {
      this.#unknown.delete(folder);
      if (this.#read.delete(folder)) this.#book.learn(folder, undefined);
      return undefined;
    }
    if (this.#read.get(folder) === file.fingerprint) return undefined;
    const rules = await this.#readRules(disk, joinPath(folder, file.name), file);
    if (typeof rules !== 'string') return this.#cannotKnow(folder, rules);
    this.#unknown.delete(folder);
    this.#book.learn(folder, rules);
    this.#read.set(folder, file.fingerprint);
    return undefined;
  }

  /** Where the folder's file of rules stands, or would. */
  pathIn(folder: DiskPath): DiskPath {
    return joinPath(folder, this.#file.name);
  }

  #cannotKnow(folder: DiskPath, { what, action }: RulesFault): Failure {
    const isKnown = this.#read.has(folder);
    if (!isKnown) this.#unknown.add(folder);
    const meanwhile = isKnown ? 'those that were read before stay in force' : 'nothing new in this folder is synced';
    const detail = action === undefined ? {} : { action: `${action}; it is tried again by itself` };
    return new Failure('E_UNREADABLE', `the ignore rules ${what}: ${meanwhile}`, detail);
  }

  async #readRules(disk: Disk, path: DiskPath, file: Listed): Promise<string | RulesFault> {
    if (file.kind === 'link') return { what: 'are a link, and links are not followed', action: 'put a file in its place' };
    const { maxBytes } = this.#file;
    if (file.sizeBytes > maxBytes)
      return { what: `are larger than ${maxBytes / 1024} KiB`, action: 'make that file smaller, or ignore whole folders' };
    const blocks: Uint8Array[] = [];
    const outcome = await disk.read(path, file, (block) => void blocks.push(block), maxBytes);
    if (typeof outcome === 'string') return { what: 'can not be read' };
    try {
      return utf8.decode(Buffer.concat(blocks));
    } catch {
      return { what: 'are not text in UTF-8', action: 'save that file as UTF-8' };
    }
  }

  /** The rule file itself is no secret: it says by its problem why nothing goes on. */
  #isUnknown(path: DiskPath): boolean {
    if (this.#unknown.size === 0 || this.isRuleFile(path.slice(path.lastIndexOf('/') + 1))) return false;
    return [...this.#unknown].some((folder) => folder === topPath || path.startsWith(`${folder}/`));
  }
}
