import { toHex } from '../base/bytes.ts';
import type { DiskParts } from './disk-parts.ts';
import type { FileCalls, Folder } from './file-calls.ts';
import { observe } from './observe.ts';
import { setModeIfKept } from './set-mode.ts';
import { withStagingFolder } from './staging.ts';

/** What the file system of a synced folder keeps apart and what it keeps at all. */
export interface DiskTraits {
  /** `A` and `a` are one name. */
  readonly foldsCase: boolean;
  /** Composed and decomposed characters are one name. */
  readonly foldsUnicode: boolean;
  /** The owner's execute bit can be set and cleared; else what a look says of it means nothing. */
  readonly keepsExecutable: boolean;
  /** Modification times come back to the microsecond; else rounded. */
  readonly keepsMicroseconds: boolean;
}

/** Tries it out in the staging folder, with files of a moment. */
export async function probeTraits(parts: DiskParts): Promise<DiskTraits> {
  const { calls } = parts;
  return withStagingFolder(parts, (folder) => {
    const tag = toHex(parts.random.bytes(8));
    const { executable, rounded } = withProbe(calls, { folder, name: `Case-${tag}` }, probeMeta);
    return {
      foldsCase: withProbe(calls, { folder, name: `Case-${tag}` }, () => calls.lstat({ folder, name: `cASE-${tag}` }) !== undefined),
      foldsUnicode: withProbe(
        calls,
        { folder, name: `\u00e9-${tag}` },
        () => calls.lstat({ folder, name: `e\u0301-${tag}` }) !== undefined,
      ),
      keepsExecutable: executable,
      keepsMicroseconds: !rounded,
    };
  });
}

interface Probe {
  readonly folder: Folder;
  readonly name: string;
}

function withProbe<Result>(calls: FileCalls, probe: Probe, ask: (calls: FileCalls, probe: Probe) => Result): Result {
  calls.closeFile(calls.openFile(probe, 'create'));
  try {
    return ask(calls, probe);
  } finally {
    calls.unlink(probe);
  }
}

function probeMeta(calls: FileCalls, probe: Probe): { executable: boolean; rounded: boolean } {
  const mtimeUs = 1_700_000_000_000_001;
  const file = calls.openFile(probe, 'read');
  try {
    const bits: boolean[] = [];
    for (const mode of [0o700, 0o600]) {
      setModeIfKept(calls, file, mode);
      bits.push(observe(calls.statFile(file), '').executable);
    }
    calls.setFileTime(file, mtimeUs);
    return { executable: bits[0] === true && bits[1] === false, rounded: observe(calls.statFile(file), '').mtimeUs !== mtimeUs };
  } finally {
    calls.closeFile(file);
  }
}
