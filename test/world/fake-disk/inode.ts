import { nameToBytes } from '../../../src/model/name.ts';
import type { Stat } from '../../../src/disk/calls/file-calls.ts';
import type { Personality } from './personality.ts';

/** A name in a folder. */
export interface Slot {
  readonly name: string;
  readonly inode: Inode;
}

/** What an fsync keeps of a file or link. */
interface Durable {
  readonly content: Uint8Array;
  readonly mtimeNs: bigint;
  readonly mode: number;
  readonly fromOutside: boolean;
}

/** Down to a multiple of the tick. */
function round(ns: bigint, tick: bigint): bigint {
  return tick === 1n ? ns : ns - (((ns % tick) + tick) % tick);
}

/** One item of a file system, apart from its names. */
export class Inode {
  number: bigint;
  readonly device: bigint;
  /** Through which mount it is reached. */
  mount = 0n;
  readonly kind: Stat['kind'];
  readonly birthNs: bigint;
  mtimeNs: bigint;
  ctimeNs: bigint;
  mode: number;
  /** The system's note of a file. */
  fromOutside = false;
  /** Names that point here. */
  linkCount = 0;
  /** Handles that are open on it. */
  openCount = 0;
  /** Of a file. Never changed in place: each write makes a new array. */
  content: Uint8Array = new Uint8Array(0);
  /** Of a link. */
  target = '';
  /** Of a folder, by folded name. */
  entries = new Map<string, Slot>();
  /** The folder this one is in, and its name there. */
  parent: Inode | undefined;
  parentName = '';
  /** The top of another file system that lies over this folder. */
  mounted: Inode | undefined;

  /** What a power cut leaves for certain. */
  durable: Durable | undefined;
  durableEntries = new Map<string, Slot>();

  constructor(number: bigint, device: bigint, kind: Stat['kind'], nowNs: bigint) {
    this.number = number;
    this.device = device;
    this.kind = kind;
    this.birthNs = nowNs;
    this.mtimeNs = nowNs;
    this.ctimeNs = nowNs;
    this.mode = kind === 'folder' ? 0o755 : kind === 'link' ? 0o777 : 0o644;
  }

  stat(personality: Personality): Stat {
    const { mtimeTickNs, ctimeTickNs } = personality;
    return {
      kind: this.kind,
      device: this.device,
      mount: this.mount,
      inode: this.number,
      birthNs: personality.hasBirthTimes ? this.birthNs : 0n,
      mtimeNs: round(this.mtimeNs, mtimeTickNs),
      ctimeNs: round(this.ctimeNs, ctimeTickNs),
      sizeBytes: this.kind === 'link' ? nameToBytes(this.target).length : this.content.byteLength,
      mode: personality.hasExecuteBits || this.kind !== 'file' ? this.mode : this.mode | 0o111,
      // Its own '.' counts, on most file systems.
      nameCount: this.kind === 'folder' ? this.linkCount + 1 : this.linkCount,
    };
  }

  /** Whether a power cut takes nothing of it. */
  isKept(): boolean {
    const { durable } = this;
    return (
      durable?.content === this.content &&
      durable.mtimeNs === this.mtimeNs &&
      durable.mode === this.mode &&
      durable.fromOutside === this.fromOutside
    );
  }

  /** fsync of a file. */
  keep(): void {
    if (this.isKept()) return;
    this.durable = { content: this.content, mtimeNs: this.mtimeNs, mode: this.mode, fromOutside: this.fromOutside };
  }
}
