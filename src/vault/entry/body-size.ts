import { unreachable } from '../../base/failure.ts';
import type { Change, ChangeGroup, PackDirectory } from '../../model/change.ts';
import { tableRowBytes } from '../pack/pack-layout.ts';

const idBytes = 32;
const vectorRowBytes = 64;
/** Everything of a change or pack that has a fixed size, rounded up generously. */
const fixedBytes = 256;
/** UTF-8 needs at most this many bytes for each UTF-16 code unit. */
const bytesPerCodeUnit = 3;

/** An upper bound of what a group takes in an encoded body: for authors that fill an entry. */
export function groupSizeBound(group: ChangeGroup): number {
  return group.reduce((sum, change) => sum + fixedBytes + variableBytes(change), 0);
}

/** An upper bound of what bringing a pack takes in an encoded body. */
export function packSizeBound(pack: PackDirectory): number {
  return fixedBytes + pack.chunks.length * tableRowBytes;
}

function variableBytes(change: Change): number {
  switch (change.do) {
    case 'put': {
      const { state } = change;
      const name = state.name.length * bytesPerCodeUnit;
      if (state.kind === 'link') return name + state.target.length * bytesPerCodeUnit;
      return state.kind === 'file' ? name + (state.content.chunks.length + state.content.listChunks.length) * idBytes : name;
    }
    case 'move':
      return change.name.length * bytesPerCodeUnit;
    case 'checkpoint':
      return change.vector.size * vectorRowBytes;
    case 'pack-plan':
      return change.packs.length * idBytes;
    case 'remove':
    case 'conflict':
    case 'settle':
    case 'skip':
    case 'retention':
      return 0;
    default:
      return unreachable(change);
  }
}
