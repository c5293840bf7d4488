/** Every parser of what comes from a store, a disk, a person or another process, with valid inputs to begin with. */
import dnsPacket from 'dns-packet';
import fc from 'fast-check';
import { parseSelection } from '../../src/agent/folder/selection-file.ts';
import { parseSettings } from '../../src/agent/profile/settings.ts';
import { utf8 } from '../../src/base/bytes.ts';
import { Failure } from '../../src/base/failure.ts';
import { isSignedBy, parseFeedSignature } from '../../src/desktop/main/updates/feed-signature.ts';
import { frameMaxBytes, replySchema, requestSchema } from '../../src/control/messages.ts';
import { LineReader } from '../../src/control/line-reader.ts';
import { readObjectHeader } from '../../src/crypto/object-header.ts';
import { makeRecoveryKey, parseRecoveryKey, recoveryKeyText } from '../../src/crypto/recovery-key.ts';
import { readSealedHeader } from '../../src/crypto/seal.ts';
import type { DiskPath } from '../../src/disk/disk.ts';
import { IgnoreRules } from '../../src/disk/ignore-rules.ts';
import { splitPath } from '../../src/disk/root-anchor.ts';
import { entryName, findEntryNameParts, parseId, versionOf } from '../../src/model/ids.ts';
import { displayName, findNameFault, isPrivateName, isTemporaryName, nameFromBytes, nameToBytes } from '../../src/model/name.ts';
import { asksForServers, serverPorts, serverRecords, serverService } from '../../src/store/server/local-server.ts';
import { isNamePrefix, isObjectName } from '../../src/store/object-name.ts';
import { parseCursor, parseListPage } from '../../src/store/server/parse-server-answer.ts';
import { parseMultistatus } from '../../src/store/webdav/parse-multistatus.ts';
import { parseS3Listing } from '../../src/store/s3/s3-listing.ts';
import { parseStoreUrl } from '../../src/store/parse-store-url.ts';
import { decodeStrict, encode, type CborValue } from '../../src/vault/cbor.ts';
import { decodeChunk, encodeChunk } from '../../src/vault/chunk/chunk-codec.ts';
import { encodeBody } from '../../src/vault/entry/encode-body.ts';
import { splitEntry } from '../../src/vault/entry/entry-layout.ts';
import { encodeHeader, parseHeader } from '../../src/vault/entry/header-wire.ts';
import { parseBody } from '../../src/vault/entry/parse-body.ts';
import { encodeGenesis, parseGenesis } from '../../src/vault/keyring/genesis.ts';
import { parseKeyList } from '../../src/vault/keyring/key-list-wire.ts';
import { encodeChunkTable, parseChunkTable } from '../../src/vault/pack/chunk-table.ts';
import { parsePackDirectory } from '../../src/vault/pack/read-directory.ts';
import { encodePin, parsePin } from '../../src/vault/pin/pin.ts';
import { readItem } from '../../src/vault/snapshot/snapshot-item.ts';
import { conflictRecord, nodeRecord, readNodeRecord } from '../../src/vault/entry/node-record.ts';
import { bytesOf } from '../crypto/fixed-random.ts';
import { sodium } from '../crypto/providers.ts';
import { streamBytes } from '../vault/chunk/stream-bytes.ts';
import { testVault } from '../vault/chunk/test-vault.ts';
import { anyBody, anyState } from '../vault/entry/arbitrary-body.ts';
import { deviceId, nodeId, packId, sampleHeader, sampleName } from '../vault/entry/sample-entry.ts';
import { KeyringWorld } from '../vault/keyring/keyring-world.ts';
import { buildPack } from '../vault/pack/build-pack.ts';
import type { Parser } from './fuzz-parser.ts';

const objectCodes = ['E_FORMAT', 'E_LIMIT', 'E_TAMPER', 'E_DOWNGRADE'];

export async function allParsers(): Promise<Parser[]> {
  return [...(await vaultParsers()), ...sealedParsers(), ...textParsers(), ...xmlParsers(), ...nameParsers()];
}

const anyBytes = 16 * 1024 * 1024;

/** Structures of a vault: each has one spelling, so what is accepted is written again to the same bytes. */
async function vaultParsers(): Promise<Parser[]> {
  const world = new KeyringWorld('fuzz');
  await world.founder();
  await world.joined('desk');
  const lists = world.names('keys/').map((name) => world.object(name));
  const bodies = fc.sample(anyBody, { numRuns: 30, seed: 1 }).map(encodeBody);
  const header = encodeHeader({ ...sampleHeader, bodyHash: '11'.repeat(32) });
  const structure = (name: string, seeds: readonly Uint8Array[], read: Parser['read']): Parser => ({
    name,
    seeds,
    read,
    codes: objectCodes,
  });
  return [
    structure('CBOR', [...bodies, ...lists], (bytes) => encode(decodeStrict(bytes, anyBytes) as CborValue)),
    structure('the body of an entry', bodies, (bytes) => encodeBody(parseBody(bytes))),
    structure('the header of an entry', [header], (bytes) => encodeHeader(parseHeader(sampleName, bytes))),
    structure('genesis', [world.object('genesis')], (bytes) => encodeGenesis(parseGenesis(sodium, bytes))),
    { ...structure('a list of devices', lists, (bytes) => parseKeyList(sodium, bytes).bytes), codes: [...objectCodes, 'E_KDF_BOUNDS'] },
    structure('a pin', [encodePin(samplePin())], (bytes) => encodePin(parsePin(bytes))),
    structure('a table of chunks', [sampleTable()], (bytes) => encodeChunkTable(parseChunkTable(bytes))),
    ...snapshotParsers(structure),
  ];
}

function snapshotParsers(structure: (name: string, seeds: readonly Uint8Array[], read: Parser['read']) => Parser): Parser[] {
  const states = fc.sample(anyState, { numRuns: 20, seed: 2 });
  const version = versionOf(entryName(12, '00aa11bb22cc33dd'), 3);
  const nodes = states.map((state) => {
    const inTree = state.kind === 'file' ? { ...state, content: { epoch: 1, id: state.content.id, sizeBytes: 5 } } : state;
    return nodeRecord({ id: nodeId('node'), version, state: inTree });
  });
  const conflict = conflictRecord({
    copy: nodeId('copy'),
    of: nodeId('of'),
    madeBy: deviceId('laptop'),
    ancestor: undefined,
    settled: undefined,
  });
  const item = (record: Uint8Array): Uint8Array => new Uint8Array(Buffer.concat([u32(record.length), record, Buffer.alloc(2)]));
  return [
    structure('a conflict in a snapshot', [item(conflict)], (bytes) => {
      const read = readItem('conflict', bytes, 0);
      if (read.item.kind !== 'conflict') throw new Error('another kind');
      requireSame(conflictRecord(read.item.conflict), read.record);
      return undefined;
    }),
    structure('a node in a snapshot', [item(folderRecord()), ...nodes.filter(isWithoutChunks).map(item)], (bytes) => {
      const read = readItem('node', bytes, 0);
      if (read.item.kind !== 'node') throw new Error('another kind');
      requireSame(nodeRecord(read.item.node), read.record);
      return undefined;
    }),
  ];
}

/** Files have their chunks behind their record. */
function isWithoutChunks(record: Uint8Array): boolean {
  return readNodeRecord(decodeStrict(record, anyBytes)).state.kind !== 'file';
}

function requireSame(written: Uint8Array, read: Uint8Array): void {
  if (Buffer.compare(written, read) !== 0) throw new Error('spelled otherwise');
}

function folderRecord(): Uint8Array {
  const version = versionOf(entryName(12, '00aa11bb22cc33dd'), 3);
  return nodeRecord({
    id: nodeId('node'),
    version,
    state: { kind: 'folder', parent: nodeId('parent'), name: nameFromBytes(utf8('name')) },
  });
}

function samplePin(): Parameters<typeof encodePin>[0] {
  const hash = parseId('EntryHash', 'a5'.repeat(32));
  return {
    vaultId: parseId('VaultId', 'ee'.repeat(32)),
    format: 1,
    vector: new Map([[deviceId('laptop'), { counter: 5, hash }]]),
    keyListHash: parseId('KeyListHash', 'f3'.repeat(32)),
    keyListGeneration: 3,
    epoch: 2,
    checkpoint: { lamport: 100, hash },
  };
}

function sampleTable(): Uint8Array {
  const built = buildPack(testVault('fuzz'), packId('fuzz'), [utf8('one'), utf8('two and more')]);
  return encodeChunkTable(built.directory.chunks);
}

/** What is sealed: hardly any change opens, but lengths and headers stand before the seal. */
function sealedParsers(): Parser[] {
  const vault = testVault('fuzz');
  const pack = packId('fuzz');
  const built = buildPack(vault, pack, [utf8('one'), streamBytes('two', 20_000)]);
  const entry = new Uint8Array(
    Buffer.concat([u32(90), Buffer.from('CCH1'), Buffer.of(1, 1, 0, 0, 0, 3), Buffer.alloc(80), Buffer.alloc(90)]),
  );
  const plain = utf8('chunk '.repeat(100));
  const coded = new Uint8Array(Buffer.concat([...encodeChunk(plain)]));
  const raw = new Uint8Array(Buffer.concat([Buffer.of(0), plain]));
  return [
    {
      name: 'the header of an object',
      seeds: [built.bytes.subarray(0, 200)],
      read: (bytes) => void readObjectHeader(bytes),
      codes: objectCodes,
    },
    {
      name: 'the header of a sealed object',
      seeds: [entry.subarray(4, 94)],
      read: (bytes) => void readSealedHeader(bytes),
      codes: objectCodes,
    },
    { name: 'the parts of an entry', seeds: [entry], read: (bytes) => void splitEntry(sampleName, bytes), codes: objectCodes },
    {
      name: 'a pack',
      seeds: [built.bytes],
      read: (bytes) => void parsePackDirectory(vault.sealing, (epoch) => (epoch === 3 ? vault.keys(3) : undefined), pack, bytes),
      codes: [...objectCodes, 'E_EPOCH'],
    },
    { name: 'a coded chunk', seeds: [coded, raw], read: (bytes) => void decodeChunk(bytes, plain.length), codes: objectCodes },
  ];
}

/** What people and other processes write. */
function textParsers(): Parser[] {
  const key = recoveryKeyText(sodium, makeRecoveryKey({ bytes: (count) => bytesOf('key', count) }));
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
  const urls = [
    'file:///srv/store',
    'http://token@127.0.0.1:8440/vault',
    'https://TOKEN@example.org/vault',
    'http://t@host:1/v?insecure=1',
    's3://bucket/prefix?region=eu-1',
    's3+https://KEY:SECRET@host:9000/bucket/prefix?region=R',
    'webdav+https://user:password@host/path',
  ].map(utf8);
  const requests = [
    '{"id":1,"do":"hello","version":1,"token":"t"}',
    '{"id":2,"do":"restore","path":"a/b","version":"x"}',
    '{"id":3,"do":"sync"}',
  ];
  const question = { prefix: 'journal/', after: '', limit: 1_000 };
  return [
    { name: 'a recovery key', seeds: [utf8(key)], read: (bytes) => void parseRecoveryKey(sodium, text(bytes)), codes: ['E_LOCKED'] },
    {
      name: "a store's URL",
      seeds: urls.slice(0, 4),
      read: (bytes) => void parseStoreUrl(text(bytes)),
      codes: ['E_USAGE', 'E_STORE_DENIED'],
    },
    {
      name: "a server's listing",
      seeds: [utf8('{"names":["journal/a","journal/b"],"more":false}'), utf8('{"names":[],"more":false}')],
      read: (bytes) => void parseListPage(bytes, question),
      codes: ['E_STORE_BEHAVIOUR'],
    },
    {
      name: "a server's cursor",
      seeds: [utf8('{"cursor":"0-1"}')],
      read: (bytes) => void parseCursor(bytes),
      codes: ['E_STORE_BEHAVIOUR'],
    },
    {
      name: 'requests of other processes',
      seeds: [utf8(`${requests.join('\n')}\n`)],
      read: (bytes) => {
        for (const line of new LineReader(frameMaxBytes).take(bytes)) {
          const value = findJson(line);
          requestSchema.safeParse(value);
          replySchema.safeParse(value);
        }
        return undefined;
      },
      codes: ['E_LIMIT', 'E_FORMAT'],
    },
    {
      name: 'what is left out on this device',
      seeds: [utf8(`{"format":1,"leftOut":["${nodeId('one')}","${nodeId('two')}"]}\n`), utf8('{"format":1,"leftOut":[]}\n')],
      read: (bytes) => {
        const folders = parseSelection(bytes);
        if (folders?.every((folder) => /^[0-9a-f]{32}$/.test(folder)) === false) throw new Error('a folder that is none');
        if (folders === undefined) throw new Failure('E_FORMAT', 'no selection');
        return undefined;
      },
      codes: ['E_FORMAT'],
    },
    {
      name: 'what this network says about servers',
      seeds: [
        dnsPacket.encode({ type: 'response', answers: serverRecords('cachette-00ff00ff', 8440) }),
        dnsPacket.encode({ type: 'query', questions: [{ name: serverService, type: 'PTR' }] }),
      ],
      read: (bytes) => {
        const packet = decodePacket(bytes);
        if (serverPorts(packet).some((port) => !Number.isInteger(port) || port < 1 || port > 65_535)) throw new Error('no port');
        asksForServers(packet);
        return undefined;
      },
      codes: ['E_FORMAT'],
    },
    {
      name: 'the signature of a feed of updates',
      seeds: [
        utf8(
          `cachette update feed 1\nfile: latest-linux.yml\nsha512: ${'A'.repeat(86)}==\nsigned: 2026-11-22T15:00:00.000Z\n` +
            `expires: 2027-05-21T15:00:00.000Z\nsignature: ${'B'.repeat(86)}==\n`,
        ),
      ],
      read: (bytes) => {
        const read = parseFeedSignature(bytes);
        if (read === undefined) throw new Failure('E_FORMAT', 'no signature');
        if (isSignedBy(read, [new Uint8Array(32).fill(1)])) throw new Error('signed by nobody');
        return undefined;
      },
      codes: ['E_FORMAT'],
    },
    { name: 'settings', seeds: [utf8('{"format":1}')], read: (bytes) => void parseSettings(bytes), codes: [] },
    {
      name: 'rules of an ignore file',
      seeds: ['*.tmp\n!keep.tmp\n/build/\n', '**/a?[b-d]*\n\\#x\n# comment\n'].map(utf8),
      read: (bytes) => {
        const rules = new IgnoreRules(['.DS_Store']);
        rules.learn('' as DiskPath, text(bytes).slice(0, 4_000));
        for (const path of ['a', 'a/b/c.tmp', '-'.repeat(200), 'é'.repeat(50)]) rules.isIgnored(path as DiskPath, 'file');
        return undefined;
      },
      codes: [],
    },
  ];
}

/** As `multicast-dns` reads it: what it throws at is dropped. */
function decodePacket(bytes: Uint8Array): unknown {
  try {
    return dnsPacket.decode(Buffer.from(bytes));
  } catch (cause) {
    throw new Failure('E_FORMAT', 'no packet', { cause });
  }
}

/** What S3 and WebDAV servers answer. */
function xmlParsers(): Parser[] {
  const listing = [
    '<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>false</IsTruncated>',
    '<Contents><Key>vault/journal/a</Key><Size>1</Size></Contents><Contents><Key>vault/journal/b</Key></Contents></ListBucketResult>',
  ];
  const folder = [
    '<?xml version="1.0"?><D:multistatus xmlns:D="DAV:"><D:response><D:href>/vault/</D:href><D:propstat><D:prop><D:resourcetype>',
    '<D:collection/></D:resourcetype></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response></D:multistatus>',
  ];
  return [
    {
      name: 'a listing of S3',
      seeds: [utf8(listing.join(''))],
      read: (bytes) => {
        const { keys } = parseS3Listing(bytes, { prefix: 'vault/journal/', after: '', maxKeys: 1_000 });
        if (keys.some((key) => !key.startsWith('vault/journal/'))) throw new Error('a key that was not asked for');
        return undefined;
      },
      codes: ['E_STORE_BEHAVIOUR'],
    },
    {
      name: 'a listing of WebDAV',
      seeds: [utf8(folder.join(''))],
      read: (bytes) => {
        const { entries } = parseMultistatus(bytes, { origin: 'https://host', path: '/vault/' });
        if (entries.some(({ name }) => /[/\0]/.test(name) || ['', '.', '..'].includes(name)))
          throw new Error('a name that leads elsewhere');
        return undefined;
      },
      codes: ['E_STORE_BEHAVIOUR'],
    },
  ];
}

function findJson(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

/** Names are any bytes: they come back as they were, and nothing that judges them throws. */
function nameParsers(): Parser[] {
  const names = ['name.txt', '.cachette', '..', 'a/b', 'é', '\u202etxt.exe'].map(utf8);
  return [
    {
      name: 'names of files',
      seeds: [...names, Uint8Array.of(0xff, 0xfe, 0x2f)],
      read: (bytes) => {
        const name = nameFromBytes(bytes);
        for (const judge of [findNameFault, isPrivateName, isTemporaryName]) judge(name);
        // It is shown to people: nothing that moves a cursor or turns the direction round.
        if (/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(displayName(name))) throw new Error('shown as it is');
        return nameToBytes(name);
      },
      codes: [],
    },
    {
      name: 'paths on a disk',
      seeds: ['a', 'a/b/c', ''].map(utf8),
      read: (bytes) => {
        const parts = splitPath(nameFromBytes(bytes) as string as DiskPath);
        if (parts.some((part) => ['', '.', '..'].includes(part) || part.includes('\0'))) throw new Error('a way out');
        return undefined;
      },
      codes: ['E_UNSAFE_NAME'],
    },
    {
      name: 'names of objects',
      seeds: ['journal/000000000001-0011223344556677', 'packs/ab/abcdef'].map(utf8),
      read: (bytes) => {
        const name = Buffer.from(bytes).toString('latin1');
        const isName = isObjectName(name);
        if (isName && (name.split('/').some((part) => /^\.*$/.test(part)) || !isNamePrefix(name))) throw new Error('a name that is none');
        if (findEntryNameParts(name) !== undefined && !isName) throw new Error('an entry of another name');
        return undefined;
      },
      codes: [],
    },
  ];
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
