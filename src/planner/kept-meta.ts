import { isRounded, type DiskTraits } from '../model/disk-traits.ts';
import type { LocalNode, LocalState, NodeState } from '../model/node.ts';

/** Times and bits of an item, as far as it has them. */
interface Meta {
  readonly kind: LocalState['kind'];
  readonly mtimeUs?: number;
  readonly executable?: boolean;
  readonly fromOutside?: boolean;
}

interface SeenMeta {
  readonly mtimeUs: number;
  readonly executable: boolean;
  /** Missing where nobody looked. */
  readonly fromOutside?: boolean | undefined;
}

/**
 * What was seen of an item, with what its disk does not keep put right from what is known of it: an execute bit or a note of
 * where it came from that the disk has not, a time that it has only rounded. So none of it looks like a change made here.
 */
export function withKeptMeta<Seen extends SeenMeta>(
  seen: Seen,
  known: LocalState | NodeState | Meta | undefined,
  traits: DiskTraits,
): Seen & { readonly fromOutside: boolean } {
  const { mtimeUs, executable, fromOutside }: Partial<Meta> = known === undefined || known.kind === 'folder' ? {} : known;
  return {
    ...seen,
    mtimeUs: mtimeUs !== undefined && isRounded(seen.mtimeUs, mtimeUs, traits) ? mtimeUs : seen.mtimeUs,
    executable: traits.keepsExecutable ? seen.executable : (executable ?? false),
    fromOutside: (traits.keepsOrigin ? seen.fromOutside : undefined) ?? fromOutside ?? false,
  };
}

/** The same for a local node that turns out to be a known one. */
export function keepMeta(local: LocalNode, known: NodeState | undefined, traits: DiskTraits): LocalNode {
  const { state } = local;
  if (state.kind === 'file') return keepFileMeta(local, state, { known, traits });
  if (state.kind === 'folder' || traits.mtimeTickUs === 1) return local;
  const { mtimeUs } = withKeptMeta({ mtimeUs: state.mtimeUs, executable: false }, known, traits);
  return { ...local, state: { ...state, mtimeUs } };
}

function keepFileMeta(
  local: LocalNode,
  state: Extract<LocalState, { kind: 'file' }>,
  { known, traits }: { readonly known: NodeState | undefined; readonly traits: DiskTraits },
): LocalNode {
  // What the row says of it is what it was known as before, or was read: either may know more than the other.
  const fromOutside = state.fromOutside || (!traits.keepsOrigin && known?.kind === 'file' && known.fromOutside);
  if (traits.keepsExecutable && traits.mtimeTickUs === 1 && fromOutside === state.fromOutside) return local;
  return { ...local, state: { ...withKeptMeta(state, known, traits), fromOutside } };
}

/** Whether the disk already has those times and bits of the item, as far as it keeps any. */
export function holdsMeta(
  state: LocalState,
  meant: { readonly mtimeUs: number; readonly executable: boolean; readonly fromOutside: boolean },
  traits: DiskTraits,
): state is Extract<LocalState, { kind: 'file' }> {
  if (state.kind !== 'file') return false;
  return (
    isRounded(state.mtimeUs, meant.mtimeUs, traits) &&
    (!traits.keepsExecutable || state.executable === meant.executable) &&
    (!traits.keepsOrigin || state.fromOutside === meant.fromOutside)
  );
}

/**
 * Whether what the disk shows of the item is surely what it would make of those times and bits. A time that is no multiple of the disk's is
 * one that somebody meant: the disk shows another, which may be nearly a tick from it, and nearly two from one that is meant now.
 */
export function showsMeta(state: LocalState, meant: Parameters<typeof holdsMeta>[1], traits: DiskTraits): boolean {
  return holdsMeta(state, meant, traits) && (state.mtimeUs === meant.mtimeUs || state.mtimeUs % traits.mtimeTickUs === 0);
}
