/** How large the figures are measured: small in each `npm test`; `npm run figures` sets CACHETTE_FIGURES. */
interface Scale {
  readonly smallFiles: number;
  readonly renamedFiles: number;
  /** Bytes in each of the large files into which one byte is inserted. */
  readonly largeFiles: readonly number[];
  /** A first upload of so many bytes, killed when it sends the pack with each of these numbers. */
  readonly interrupted: { readonly bytes: number; readonly killedAtPack: readonly number[] };
  /** Objects that all the small files may become. */
  readonly objectsMax: number;
  /** In the folder of an app that has nothing to do. */
  readonly idleFiles: number;
  /** Whether the machine has time for nothing else: then times are held against their limits, too. */
  readonly isTimed: boolean;
}

const mib = 1024 * 1024;

const small: Scale = {
  smallFiles: 2_000,
  renamedFiles: 1_000,
  largeFiles: [16 * mib, 16 * mib, 16 * mib],
  interrupted: { bytes: 80 * mib, killedAtPack: [4] },
  objectsMax: 8,
  idleFiles: 2_000,
  isTimed: false,
};

const full: Scale = {
  smallFiles: 20_000,
  renamedFiles: 10_000,
  largeFiles: [1024 * mib, 64 * mib, 64 * mib],
  interrupted: { bytes: 1000 * mib, killedAtPack: [4, 8, 16] },
  objectsMax: 36,
  idleFiles: 100_000,
  isTimed: true,
};

const scales: Readonly<Record<string, Scale>> = {
  small,
  full,
  huge: { ...full, smallFiles: 200_000, renamedFiles: 100_000, objectsMax: 300, idleFiles: 200_000 },
};

const wanted = process.env['CACHETTE_FIGURES'] ?? 'small';
const chosen = scales[wanted];
if (chosen === undefined) throw new Error(`CACHETTE_FIGURES is one of ${Object.keys(scales).join(', ')}, not '${wanted}'`);

export const scale: Scale = chosen;
export const testTimeoutMs = wanted === 'small' ? 300_000 : 4 * 3_600_000;
