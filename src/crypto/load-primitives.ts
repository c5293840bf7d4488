import { Failure } from '../base/failure.ts';
import type { Primitives } from './primitives.ts';

/**
 * The provider of all primitives: libsodium where there is a prebuilt one for this machine, else the portable one. Both
 * give the same bytes; the portable one is many times slower.
 */
export function loadPrimitives(choice?: Primitives['name']): Primitives {
  throw new Failure('E_FAILED', `not yet ${choice}`);
}
