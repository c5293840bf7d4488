/** The type byte of each kind of sealed object. Frozen: a number is never used for anything else. */
export const sealedTypes = {
  'entry-header': 1,
  'entry-body': 2,
  chunk: 3,
  'pack-directory': 4,
  'pack-trailer': 5,
  'snapshot-manifest': 6,
  'snapshot-part': 7,
  'epoch-share': 8,
  'previous-epoch': 9,
  'slot-seed': 10,
  'device-names': 11,
  /** A device's secret keys, at rest on its own disk. */
  'device-keys': 12,
  /** The second copy of a device's pin, on its own disk. */
  'pin-copy': 13,
  hint: 14,
  /** Messages of the enrolment with a short code. */
  enrolment: 15,
} as const;

/** What a sealed object is. Each has its own key and its own byte, so that none is ever taken for another. */
export type SealedType = keyof typeof sealedTypes;

/** Type byte in the plain header of a pack, which is no sealed object itself but a row of bare ones. */
export const packTypeByte = 64;

const namesByByte: ReadonlyMap<number, SealedType> = new Map(Object.entries(sealedTypes).map(([name, byte]) => [byte, name as SealedType]));

/** The kind that this byte stands for; undefined where version 1 has none. */
export function findSealedType(typeByte: number): SealedType | undefined {
  return namesByByte.get(typeByte);
}
