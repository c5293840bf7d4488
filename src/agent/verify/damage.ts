import { Failure, type FailureCode } from '../../base/failure.ts';
import { isIntegrityFailure } from '../../engine/problems.ts';
import type { ChunkId } from '../../model/ids.ts';

/** An object of the store that is not what was written, or not there. */
export interface DamagedObject {
  readonly object: string;
  readonly code: FailureCode;
  readonly message: string;
}

/** What a verification has found so far. */
export class Damage {
  readonly objects: DamagedObject[] = [];
  /** Chunks that did not come out of a place where they should be; they may be whole in another. */
  readonly chunks = new Set<ChunkId>();
  /** Chunks that were found whole at least once. */
  readonly whole = new Set<ChunkId>();

  /** Packs in which something else was sealed than the journal says. */
  readonly lies = new Set<string>();

  /** The objects by name: many are asked for at once, and answer in any order. */
  inOrder(): readonly DamagedObject[] {
    return this.objects.toSorted((a, b) => (a.object < b.object ? -1 : a.object > b.object ? 1 : 0));
  }

  /** Chunks that were found whole nowhere. */
  lost(): ReadonlySet<ChunkId> {
    return new Set([...this.chunks].filter((chunk) => !this.whole.has(chunk)));
  }

  /**
   * A pack that is gone or rotten, and of which every chunk is whole elsewhere, is missed by nobody. One in which somebody of the vault
   * sealed something else than he said is told all the same.
   */
  forgetReplaced(chunksOf: (object: string) => readonly ChunkId[] | undefined): void {
    const isMissed = ({ object }: DamagedObject): boolean =>
      this.lies.has(object) || chunksOf(object)?.every((chunk) => this.whole.has(chunk)) !== true;
    this.objects.splice(0, this.objects.length, ...this.objects.filter(isMissed));
  }

  note(object: string, { code, message }: { readonly code: FailureCode; readonly message: string }): void {
    this.objects.push({ object, code, message });
  }

  /** Does it; what says that the store is not to be believed is noted, everything else thrown. */
  async gather<Result>(object: string, act: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof Failure) || !(error.exitCode === 5 || isIntegrityFailure(error))) throw error;
      this.note(error.subject ?? object, error);
      return undefined;
    }
  }
}
