/** What the file system of a synced folder keeps apart, and what it keeps at all. Pure data, found out by src/disk/probe-traits.ts. */
export interface DiskTraits {
  /** `A` and `a` are one name. */
  readonly foldsCase: boolean;
  /** Composed and decomposed characters: two names; one name, in the form that it was written; one name, in a form of the disk's own. */
  readonly unicode: 'kept' | 'folded' | 'converted';
  /** What a name may hold beside `/` and NUL: any bytes, any text, or only what Windows takes. */
  readonly names: 'bytes' | 'text' | 'windows';
  /** The longest name, in bytes. */
  readonly nameMaxBytes: number;
  /** The owner's execute bit can be set and cleared; else what a look says of it means nothing. */
  readonly keepsExecutable: boolean;
  /** The system's note that a file came from outside can be set and cleared (Windows: its zone); else nothing is seen of it. */
  readonly keepsOrigin: boolean;
  /** Symbolic links can be made. */
  readonly keepsLinks: boolean;
  /** Modification times come back as multiples of this; 1: exact. Whole microseconds. */
  readonly mtimeTickUs: number;
}

/** A disk that holds all that the vault holds, as most systems do: only some know where a file came from. */
export const fullTraits: DiskTraits = {
  foldsCase: false,
  unicode: 'kept',
  names: 'bytes',
  nameMaxBytes: 255,
  keepsExecutable: true,
  keepsOrigin: false,
  keepsLinks: true,
  mtimeTickUs: 1,
};

/** Whether that modification time may be what the disk made of the other. */
export function isRounded(seenUs: number, meantUs: number, { mtimeTickUs }: DiskTraits): boolean {
  return Math.abs(seenUs - meantUs) < mtimeTickUs;
}
