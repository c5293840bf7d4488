/** What can be written. */
export type CborValue = null | boolean | number | string | Uint8Array | readonly CborValue[];

/** Arrays within arrays. */
export const nestingMax = 16;
