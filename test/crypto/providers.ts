import { loadPrimitives } from '../../src/crypto/load-primitives.ts';
import type { Primitives } from '../../src/crypto/primitives.ts';

export const sodium = loadPrimitives('sodium');
export const portable = loadPrimitives('portable');

/** For `describe.each`: whatever holds must hold on both. */
export const providers: readonly (readonly [Primitives['name'], Primitives])[] = [
  ['sodium', sodium],
  ['portable', portable],
];
