import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toHex } from '../../../src/base/bytes.ts';
import { entryName, versionOf } from '../../../src/model/ids.ts';
import type { NodeState } from '../../../src/model/node.ts';
import { decodeStrict, encode } from '../../../src/vault/cbor.ts';
import { conflictRecord, nodeRecord, readConflictRecord, readNodeRecord } from '../../../src/vault/entry/node-record.ts';
import { failureCode } from '../../crypto/failure-code.ts';
import { anyState } from './arbitrary-body.ts';
import { deviceId, nodeId } from './sample-entry.ts';

const version = versionOf(entryName(12, '00aa11bb22cc33dd'), 65_535);

/** State as the tree holds it: the chunks of a content are not in it. */
const treeState = anyState.map((state): NodeState => {
  if (state.kind !== 'file') return state;
  const { epoch, id, sizeBytes } = state.content;
  return { ...state, content: { epoch, id, sizeBytes } };
});

describe('a record', () => {
  test('of a node is read back as it was written, and two nodes never share one', () => {
    fc.assert(
      fc.property(treeState, treeState, (state, otherState) => {
        const node = { id: nodeId('node'), version, state };
        const record = nodeRecord(node);
        expect(readNodeRecord(decodeStrict(record, 100_000))).toEqual(node);
        const isSame = toHex(nodeRecord({ ...node, state: otherState })) === toHex(record);
        expect(isSame).toBe(isDeepStrictEqual(otherState, state));
      }),
    );
  });

  test('does not tell how a content is put together: the root stays when a list moves into chunks of its own', () => {
    const content = { epoch: 1, id: 'ab'.repeat(32) as never, sizeBytes: 5 };
    const state = {
      kind: 'file',
      parent: nodeId('top'),
      name: 'a' as never,
      mtimeUs: 0,
      executable: false,
      fromOutside: false,
      content,
    } as const;
    const fuller = { ...state, content: { ...content, chunks: ['cd'.repeat(32)], listChunks: [] } };
    expect(nodeRecord({ id: nodeId('node'), version, state: fuller })).toEqual(nodeRecord({ id: nodeId('node'), version, state }));
  });

  test.each(['local', 'remote', 'both', undefined] as const)('of a conflict is read back: settled %s', (settled) => {
    const conflict = { copy: nodeId('copy'), of: nodeId('of'), madeBy: deviceId('desk'), ancestor: undefined, settled };
    expect(readConflictRecord(decodeStrict(conflictRecord(conflict), 1000))).toEqual(conflict);
    const withAncestor = { ...conflict, ancestor: { epoch: 4, id: 'ab'.repeat(32) as never, sizeBytes: 9 } };
    expect(readConflictRecord(decodeStrict(conflictRecord(withAncestor), 1000))).toEqual(withAncestor);
    expect(conflictRecord(withAncestor)).not.toEqual(conflictRecord(conflict));
  });

  test('of other fields is refused', () => {
    expect(failureCode(() => readNodeRecord([1, new Uint8Array(16)]))).toBe('E_FORMAT');
    expect(failureCode(() => readConflictRecord(decodeStrict(encode([2, 1, 2, 3, 4, 5]), 100)))).toBe('E_FORMAT');
  });
});
