import { isRounded, type DiskTraits } from '../model/disk-traits.ts';
import type { LocalNode, LocalState, NodeState } from '../model/node.ts';

/** Times and bits of an item, as far as it has them. */
interface Meta {
  readonly kind: LocalState['kind'];
  readonly mtimeUs?: number;
  readonly executable?: boolean;
}

/**
 * What was seen of an item, with what its disk does not keep put right from what is known of it: an execute bit that the
 * disk has not, a time that it has only rounded. So neither looks like a change made here.
 */
export function withKeptMeta<Seen extends { readonly mtimeUs: number; readonly executable: boolean }>(
  seen: Seen,
  known: LocalState | NodeState | Meta | undefined,
  traits: DiskTraits,
): Seen {
  const { mtimeUs, executable }: Partial<Meta> = known === undefined || known.kind === 'folder' ? {} : known;
  return {
    ...seen,
    mtimeUs: mtimeUs !== undefined && isRounded(seen.mtimeUs, mtimeUs, traits) ? mtimeUs : seen.mtimeUs,
    executable: traits.keepsExecutable ? seen.executable : (executable ?? false),
  };
}

/** The same for a local node that turns out to be a known one. */
export function keepMeta(local: LocalNode, known: NodeState | undefined, traits: DiskTraits): LocalNode {
  const { state } = local;
  if (state.kind === 'folder' || (traits.keepsExecutable && traits.mtimeTickUs === 1)) return local;
  if (state.kind === 'file') return { ...local, state: withKeptMeta(state, known, traits) };
  const { mtimeUs } = withKeptMeta({ mtimeUs: state.mtimeUs, executable: false }, known, traits);
  return { ...local, state: { ...state, mtimeUs } };
}

/** Whether the disk already has those times and bits of the item, as far as it keeps any. */
export function holdsMeta(
  state: LocalState,
  meant: { readonly mtimeUs: number; readonly executable: boolean },
  traits: DiskTraits,
): state is Extract<LocalState, { kind: 'file' }> {
  if (state.kind !== 'file') return false;
  return isRounded(state.mtimeUs, meant.mtimeUs, traits) && (!traits.keepsExecutable || state.executable === meant.executable);
}
