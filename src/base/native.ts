/**
 * Native code (native/): the few things that a program for all systems is slow at, or can't do at all. Nothing depends on it:
 * whoever uses a function has the same in plain JavaScript for where there is none, and tests run over both.
 */
import os from 'node:os';
import { fileURLToPath } from 'node:url';

/** What native/src/addon.cc offers. A wrong argument throws a TypeError. */
export interface Native {
  /**
   * As `Cutter.next`, from within a chunk: where the chunk that goes on at `from` ends in `block`, or -1. `rule`: `CutRule.bytes`.
   * `state`: what is known of the chunk so far; changed.
   */
  nextCut(rule: Uint8Array, state: Uint8Array, block: Uint8Array, from: number): number;
}

/** Counted up with native/src/addon.cc: a file of another build is as good as none. */
const currentInterface = 1;

/** Native code of this system; undefined where there is none, or where CACHETTE_NO_NATIVE is set. */
export const native: Native | undefined = (process.env['CACHETTE_NO_NATIVE'] ?? '') === '' ? load() : undefined;

function load(): Native | undefined {
  // In the bundle its folder stands beside this file; the sources have it where it was built.
  const prebuilds = import.meta.url.endsWith('.ts') ? '../../native/prebuilds' : './prebuilds';
  const file = fileURLToPath(new URL(`${prebuilds}/${process.platform}-${process.arch}/cachette.node`, import.meta.url));
  const loaded: { exports: Partial<Native> & { readonly interface?: unknown } } = { exports: {} };
  try {
    process.dlopen(loaded, file, os.constants.dlopen.RTLD_NOW);
  } catch {
    // Not built for this system, or for another one of its kind.
    return undefined;
  }
  return loaded.exports.interface === currentInterface ? (loaded.exports as Native) : undefined;
}
