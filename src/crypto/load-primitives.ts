import { openPortablePrimitives } from './portable-primitives.ts';
import type { Primitives } from './primitives.ts';
import { openSodiumPrimitives } from './sodium-primitives.ts';

const loaded = new Map<Primitives['name'] | undefined, Primitives>();

/**
 * The provider of all primitives: libsodium where there is a prebuilt one for this machine, else the portable one. Both
 * give the same bytes; the portable one is many times slower. Throws where the one that was asked for can't be loaded.
 */
export function loadPrimitives(choice?: Primitives['name']): Primitives {
  let primitives = loaded.get(choice);
  if (primitives === undefined) {
    primitives = open(choice);
    loaded.set(choice, primitives);
  }
  return primitives;
}

function open(choice: Primitives['name'] | undefined): Primitives {
  switch (choice) {
    case 'sodium':
      return openSodiumPrimitives();
    case 'portable':
      return openPortablePrimitives();
    case undefined:
      break;
  }
  try {
    return openSodiumPrimitives();
  } catch {
    // No prebuilt library for this machine: the result is the same, only slower.
    return openPortablePrimitives();
  }
}
