import { toHex } from '../../base/bytes.ts';
import { Failure } from '../../base/failure.ts';
import type { Random } from '../../base/random.ts';
import type { Part } from '../../engine/meanwhile.ts';
import { restoreItems } from '../../engine/past/restore-items.ts';
import { namesOf } from '../show/typed-path.ts';
import type { When } from '../errands.ts';
import type { Session } from '../open-session.ts';
import type { DecidedConflict } from '../show/resolve-conflicts.ts';
import { partAt, placeAt } from '../past/part-at.ts';
import { agreeAround } from '../past/restore-path.ts';

/** As far back as a person remembers what they did. */
const decisionsMax = 50;

/** Decisions that can be undone, for as long as the agent runs: the history has what they took away. */
export class UndoBook {
  readonly #random: Random;
  readonly #decisions = new Map<string, readonly DecidedConflict[]>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** What `undo` takes. */
  note(decided: readonly DecidedConflict[]): string {
    const key = toHex(this.#random.bytes(16));
    this.#decisions.set(key, decided);
    for (const oldest of this.#decisions.keys()) {
      if (this.#decisions.size <= decisionsMax) break;
      this.#decisions.delete(oldest);
    }
    return key;
  }

  /**
   * Makes the files of a decision what they were: how many conflicts. Throws E_NOT_FOUND, E_IN_THE_WAY, and
   * what the store throws; then it can be tried again.
   */
  async undo(session: Session, key: string, when: When): Promise<number> {
    const decided = this.#decisions.get(key);
    if (decided === undefined) {
      const action = 'the history of the file has what it was';
      throw new Failure('E_NOT_FOUND', 'this decision can not be undone any more', { action });
    }
    const { index, parts } = session;
    const places = decided.flatMap(({ path, copyPath }) => [namesOf(path), namesOf(copyPath)]);
    await agreeAround(session, when, () => together(places.map((names) => partAt(index, names))));
    for (const { of, path, copy, copyPath } of decided) {
      for (const [{ state }, place] of [[of, path] as const, [copy, copyPath] as const]) {
        await restoreItems(parts, { items: [{ below: [], state }], to: namesOf(place), signal: when.signal });
      }
    }
    await agreeAround(session, when, () => together(places.map((names) => placeAt(index, names))));
    this.#decisions.delete(key);
    return decided.length;
  }
}

function together(parts: readonly Part[]): Part {
  return { nodes: parts.flatMap(({ nodes }) => nodes), paths: parts.flatMap(({ paths }) => paths) };
}
