import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { toHex } from '../../../src/base/bytes.ts';
import { findEntryNameParts, type EntryName } from '../../../src/model/ids.ts';
import { decodeStrict } from '../../../src/vault/cbor.ts';
import { encodeBody } from '../../../src/vault/entry/encode-body.ts';
import { encodeHeader } from '../../../src/vault/entry/header-wire.ts';
import { conflictRecord, nodeRecord, readConflictRecord, readNodeRecord } from '../../../src/vault/entry/node-record.ts';
import { openBody, openHeader } from '../../../src/vault/entry/open-entry.ts';
import { parseBody } from '../../../src/vault/entry/parse-body.ts';
import { sealEntry } from '../../../src/vault/entry/seal-entry.ts';
import { providers } from '../../crypto/providers.ts';
import { hexBytes, readVectors, vaultOf, vectorVault } from '../chunk/vector-vault.ts';
import { plainJson } from './plain-json.ts';

const shape = z.strictObject({
  ...vectorVault,
  signingSeed: hexBytes,
  publicKey: hexBytes,
  entries: z.array(
    z.object({
      name: z.string().refine((name): name is EntryName => findEntryNameParts(name) !== undefined),
      header: z.unknown(),
      headerBytes: z.string(),
      body: z.unknown(),
      bodyBytes: hexBytes,
      noise: z.array(hexBytes),
      object: hexBytes,
      hash: z.string(),
    }),
  ),
  nodeRecords: z.array(z.object({ node: z.unknown(), record: hexBytes })),
  conflictRecords: z.array(z.object({ conflict: z.unknown(), record: hexBytes })),
});

/** The second file holds what the format had no place for before: files that came from outside. */
const cases = ['entry-v1.json', 'entry-origin-v1.json'].flatMap((file) =>
  providers.map(([name, primitives]) => ({ file, name, primitives })),
);

describe.each(cases)('what version 1 of the format fixed: $file, with $name', ({ file, primitives }) => {
  const vectors = shape.parse(readVectors(file));
  const pair = primitives.signingPair(vectors.signingSeed);

  test('entries', () => {
    expect(toHex(pair.publicKey)).toBe(toHex(vectors.publicKey));
    for (const { name, header, headerBytes, body, bodyBytes, noise, object, hash } of vectors.entries) {
      const { sealing, keys } = vaultOf(vectors, primitives, noise);
      const opened = openHeader(sealing, { keys: () => keys, signerOf: () => vectors.publicKey }, name, object);
      expect(opened.hash).toBe(hash);
      expect(plainJson(opened.header)).toEqual(header);
      expect(toHex(encodeHeader(opened.header))).toBe(headerBytes);
      const { body: content } = openBody(sealing, keys, opened);
      expect(plainJson(content)).toEqual(body);
      expect(toHex(encodeBody(content))).toBe(toHex(bodyBytes));
      expect(parseBody(bodyBytes)).toEqual(content);
      const again = sealEntry(sealing, { keys, signingKey: pair.secretKey }, opened.header, content);
      expect(toHex(again.bytes)).toBe(toHex(object));
    }
  });

  test('records of the tree', () => {
    for (const { node, record } of vectors.nodeRecords) {
      const read = readNodeRecord(decodeStrict(record, 1000));
      expect(plainJson(read)).toEqual(node);
      expect(toHex(nodeRecord(read))).toBe(toHex(record));
    }
    for (const { conflict, record } of vectors.conflictRecords) {
      const read = readConflictRecord(decodeStrict(record, 1000));
      expect(plainJson(read)).toEqual(conflict);
      expect(toHex(conflictRecord(read))).toBe(toHex(record));
    }
  });
});
