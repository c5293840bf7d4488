import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import nacl from 'tweetnacl';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { checkRefused, expectRefusal } from './check-refusal.ts';
import { folderState as stateOnDisk } from './folder-state.ts';
import { fileState, folderState, Insider, linkState, newNode, put, rootNode, type HostileChunk } from './insider-kit.ts';
import type { Wire } from './insider-cbor.ts';
import { openVault } from './open-vault.ts';

vi.mock('../../src/agent/threads/threaded-workshop.ts', () => import('./inline-workshop.ts'));

const fixture = await openVault();
let insider: Insider;

/** A third device joins, is in agreement, and turns hostile; outside of the folders lies what nobody may touch. */
beforeEach(async () => {
  fixture.restore('ahead');
  for (const device of ['desk', 'laptop'] as const) await fixture.must(device, 'sync');
  expect((await fixture.join()).exitCode).toBe(0);
  for (const device of ['newcomer', 'desk', 'laptop', 'desk'] as const) await fixture.must(device, 'sync');
  insider = new Insider(fixture.profile('newcomer'), fixture.store);
  fs.writeFileSync(path.join(fixture.path(), 'canary'), 'nobody touches this');
});

const text = (value: string): Buffer => Buffer.from(value);

const plainHostile: readonly string[] = [
  '',
  '.',
  '..',
  '/',
  '//',
  '/etc/passwd',
  '/tmp/cachette-insider',
  'a/b',
  'a/../../canary',
  '../canary',
  '../../canary',
  './canary',
  '../desk/x',
  'x/',
  '/x',
  '..//canary',
  'papers/0.txt',
  'papers/../x',
  '\0',
  'x\0',
  '\0x',
  'x\0.txt',
  'canary\0/../..',
  '../\0',
  'a'.repeat(256),
  'é'.repeat(128),
  'a'.repeat(10_000),
  '/'.repeat(10_000),
  '../'.repeat(3_000),
  '.cachette',
  'x/.cachette',
  '.cachette/mark',
  '.cachette/staged/x',
  '../profile-desk/device.key',
  '../profile-desk/settings.json',
  '../store/genesis',
  'x/..',
  '/..',
  '../..',
  '..\0',
  '/dev/null',
  '/proc/self/environ',
  'link/../../canary',
  'link/x',
  'tool.sh/x',
  '~/../x',
  'a/b/c/d',
  '..\u200b/x',
];
/** Told apart by no plain rule: other cases and forms of Cachette's own folder, names of its temporary files. */
const ownForms: readonly string[] = ['.CACHETTE', '.Cachette', '.cachette\u200b', '.\uff43\uff41\uff43\uff48\uff45\uff54\uff54\uff45'];
/** Dangerous elsewhere, ordinary on Linux: they must come through unharmed there. */
const ordinaryHere: readonly string[] = [
  'C:\\x',
  '\\\\host\\share',
  'CON',
  'aux.txt',
  'x:stream',
  'trailing.',
  'trailing ',
  '\u202etxt.exe',
  'desktop.ini',
  '...',
  '-rf',
  '__proto__',
];

describe('A39: an insider gives names that would lead elsewhere', () => {
  const hostile = [...plainHostile, ...ownForms].map(text);
  hostile.push(
    Buffer.concat([text('../'), Buffer.of(0xff, 0xfe)]),
    Buffer.of(0x2f, 0xff),
    ...Array.from({ length: 10 }, (_, depth) => text(`${'../'.repeat(depth + 3)}canary`)),
    Buffer.of(0xc0, 0xae, 0x2f),
    Buffer.concat([Buffer.alloc(255, 0x61), Buffer.of(0xff)]),
  );

  test('good files sync, each of the others is listed, nothing outside the folder is touched', async () => {
    expect(hostile.length).toBeGreaterThanOrEqual(60);
    const outside = outsideState();
    const content = goodContent('the same text in all of them');
    const changes: Wire[] = [];
    for (const [at, name] of hostile.entries()) {
      const isFolder = at % 5 === 3;
      const id = newNode();
      const state = isFolder
        ? folderState(rootNode, name)
        : at % 5 === 4
          ? linkState(rootNode, name, '../canary')
          : fileState(rootNode, name, content.wire);
      changes.push(put(id, state));
      if (isFolder) changes.push(put(newNode(), fileState(id, text('inside.txt'), content.wire)));
    }
    const good = Array.from({ length: 10 }, (_, number) => `good ${number}.txt`);
    for (const name of [...good, ...ordinaryHere]) changes.push(put(newNode(), fileState(rootNode, text(name), content.wire)));
    insider.publish(changes, [content.pack]);

    for (const device of ['desk', 'laptop'] as const) {
      const run = await fixture.cli(device, 'sync');
      expect(run).toMatchObject({ exitCode: 3, stderr: expect.stringMatching(/^cachette: [^\n]+problems[^\n]+\n$/) as string });
      for (const name of [...good, ...ordinaryHere]) {
        expect(fs.readFileSync(path.join(fixture.folder(device), name), 'utf8'), name).toBe('the same text in all of them');
      }
      const problems = JSON.parse(await fixture.must(device, 'problems', '--json')) as { code: string; path: string }[];
      expect([...new Set(problems.map(({ code }) => code))]).toEqual(['E_UNSAFE_NAME']);
      expect(outsideState()).toEqual(outside);
      const here = fs.readdirSync(fixture.folder(device));
      expect(here.filter((name) => name.normalize('NFKC').toLowerCase().startsWith('.cachette'))).toEqual(['.cachette']);
    }
    const listed = JSON.parse(await fixture.must('desk', 'problems', '--json')) as { path: string }[];
    // Beside the names themselves: what lies in the folders that can't be made.
    expect(listed.length).toBeGreaterThanOrEqual(new Set(hostile.map((name) => name.toString('latin1'))).size);
    fs.writeFileSync(path.join(fixture.folder('desk'), 'life goes on.txt'), 'yes');
    await fixture.cli('desk', 'sync');
    await fixture.cli('laptop', 'sync');
    expect(fs.existsSync(path.join(fixture.folder('laptop'), 'life goes on.txt'))).toBe(true);
  });

  test('A40: names that differ in case or Unicode form are two files where the disk can hold both', async () => {
    const pairs = [
      ['Readme', 'README'],
      ['\u00e9', 'e\u0301'],
      ['straße', 'strasse'],
      ['ı', 'i'],
    ];
    const content = goodContent('one of a pair');
    insider.publish(
      pairs.flat().map((name) => put(newNode(), fileState(rootNode, text(name), content.wire))),
      [content.pack],
    );
    await fixture.must('desk', 'sync');
    for (const name of pairs.flat()) expect(fs.existsSync(path.join(fixture.folder('desk'), name)), name).toBe(true);
  });
});

describe('A41, A42: an insider plants links', () => {
  test('a file below a link goes nowhere, and links that lead out are not made', async () => {
    const outside = outsideState();
    const content = goodContent('should not arrive there');
    const link = newNode();
    const folder = newNode();
    insider.publish(
      [
        put(link, linkState(rootNode, text('way out'), '..')),
        put(newNode(), linkState(rootNode, text('passwd'), '/etc/passwd')),
        put(newNode(), linkState(rootNode, text('inside'), 'plain/fine.txt')),
        put(folder, folderState(rootNode, text('plain'))),
        put(newNode(), linkState(folder, text('round about'), '../papers/../../canary')),
      ],
      [],
    );
    await fixture.cli('desk', 'sync');
    insider.publish([put(newNode(), fileState(folder, text('fine.txt'), content.wire))], [content.pack]);
    await fixture.cli('desk', 'sync');
    expect(fs.readFileSync(path.join(fixture.folder('desk'), 'plain/fine.txt'), 'utf8')).toBe('should not arrive there');
    expect(outsideState()).toEqual(outside);
    expect(fs.readlinkSync(path.join(fixture.folder('desk'), 'inside'))).toBe('plain/fine.txt');
    const problems = JSON.parse(await fixture.must('desk', 'problems', '--json')) as { code: string; path: string }[];
    expect(problems.map(({ code, path: item }) => `${code} ${item}`).toSorted()).toEqual(
      ['passwd', 'plain/round about', 'way out'].map((name) => `E_UNSAFE_LINK ${name}`),
    );
    for (const { path: item } of problems) expect(fs.existsSync(path.join(fixture.folder('desk'), item)), item).toBe(false);
  });
});

describe('A16, A21, A31, A43: an insider lies about contents', () => {
  test('each lie stops its own file alone', async () => {
    const outside = outsideState();
    const good = insider.chunk(text('good'));
    const lies: Record<string, HostileChunk & { readonly sizeBytes?: number }> = {
      'other bytes than its id': { ...insider.chunk(text('what it is')), chunkId: insider.chunkId(text('what it should be')) },
      'another length than it says': { ...insider.chunk(text('short')), sizeBytes: 5, plainBytes: 6 },
      'a bomb': bomb(64 * 1024),
      'a bomb of its full length': bomb(4 * 1024 * 1024),
      'an unknown flag': { ...insider.chunk(text('flag')), coded: Buffer.concat([Buffer.of(7), text('flag')]) },
      'a broken frame': {
        ...insider.chunk(Buffer.alloc(100)),
        coded: Buffer.concat([Buffer.of(1, 0, 0, 0, 100), text('no frame at all')]),
      },
      'two frames': twoFrames(),
    };
    const pack = insider.putPack([good, ...Object.values(lies)]);
    const changes = Object.entries(lies).map(([name, { chunkId, plainBytes, sizeBytes }]) =>
      put(newNode(), fileState(rootNode, text(name), insider.content(chunkId, sizeBytes ?? plainBytes))),
    );
    changes.push(put(newNode(), fileState(rootNode, text('in no pack'), insider.content(insider.chunkId(text('nowhere')), 7))));
    changes.push(put(newNode(), fileState(rootNode, text('good.txt'), insider.content(good.chunkId, 4))));
    insider.publish(changes, [pack.wire]);

    const before = stateOnDisk(fixture.folder('desk'));
    expectRefusal(await fixture.cli('desk', 'sync'), ['E_TAMPER', 'E_MISSING', 'E_FORMAT', 'E_LIMIT']);
    expect(stateOnDisk(fixture.folder('desk')), 'at first nothing changes').toEqual(before);
    expectRefusal(await fixture.cli('desk', 'sync'), ['E_TAMPER', 'E_MISSING', 'E_FORMAT', 'E_LIMIT']);
    expect(fs.readFileSync(path.join(fixture.folder('desk'), 'good.txt'), 'utf8')).toBe('good');
    const problems = JSON.parse(await fixture.must('desk', 'problems', '--json')) as { path: string }[];
    expect(problems.map(({ path: item }) => item).toSorted()).toEqual([...Object.keys(lies), 'in no pack'].toSorted());
    expect(outsideState()).toEqual(outside);
  });

  test('A16: two sealed chunks of equal size change places in a pack', async () => {
    const chunks = ['aaaa', 'bbbb'].map((value) => insider.chunk(text(value)));
    const pack = insider.putPack(chunks);
    insider.publish(
      chunks.map(({ chunkId }, at) => put(newNode(), fileState(rootNode, text(`chunk ${at}`), insider.content(chunkId, 4)))),
      [pack.wire],
    );
    const honest = fixture.store.read(pack.name);
    const [one, two] = pack.chunks;
    if (one === undefined || two === undefined) throw new Error('two chunks');
    expect(one.bytes, 'guard: they are of equal size').toBe(two.bytes);
    const changed = Buffer.from(honest);
    honest.copy(changed, one.offset, two.offset, two.offset + two.bytes);
    honest.copy(changed, two.offset, one.offset, one.offset + one.bytes);
    fixture.store.write(pack.name, changed);
    const before = stateOnDisk(fixture.folder('desk'));
    expectRefusal(await fixture.cli('desk', 'sync'), ['E_TAMPER']);
    expect(stateOnDisk(fixture.folder('desk'))).toEqual(before);
    fixture.store.write(pack.name, honest);
    await fixture.must('desk', 'sync');
    expect(fs.readFileSync(path.join(fixture.folder('desk'), 'chunk 1'), 'utf8')).toBe('bbbb');
  });

  test('a content of an epoch that never was stops its own file alone', async () => {
    const good = goodContent('good');
    insider.publish(
      [
        put(newNode(), fileState(rootNode, text('from the future'), insider.content(good.chunkId, 4, 60_000))),
        put(newNode(), fileState(rootNode, text('good.txt'), good.wire)),
      ],
      [good.pack],
    );
    for (let run = 0; run < 2; run += 1) await fixture.cli('desk', 'sync');
    expect(fs.readFileSync(path.join(fixture.folder('desk'), 'good.txt'), 'utf8')).toBe('good');
  });

  test('a pack of an epoch that never was stops its own files alone', async () => {
    const good = goodContent('good');
    const chunk = insider.chunk(text('unreadable'));
    const [pack, , size, table] = insider.putPack([chunk]).wire as readonly Wire[];
    insider.publish(
      [
        put(newNode(), fileState(rootNode, text('unreadable'), insider.content(chunk.chunkId, 10))),
        put(newNode(), fileState(rootNode, text('good.txt'), good.wire)),
      ],
      [good.pack, [pack ?? null, 60_000, size ?? null, table ?? null]],
    );
    for (let run = 0; run < 2; run += 1) await fixture.cli('desk', 'sync');
    expect(fs.readFileSync(path.join(fixture.folder('desk'), 'good.txt'), 'utf8')).toBe('good');
  });
});

describe('A03, A20, A28, A46: an insider writes entries that nobody should believe', () => {
  const stranger = nacl.sign.keyPair();
  const state = (): Wire => put(newNode(), fileState(rootNode, text('planted.txt'), insider.emptyContent()));
  const forgeries: Record<string, () => void> = {
    'signed by a key that is in no list': () => insider.publish([state()], [], { signer: stranger.secretKey }),
    'signed as a list of devices is': () => insider.publish([state()], [], { signedAs: 'sign-key-list' }),
    'signed as the keys of a device are': () => insider.publish([state()], [], { signedAs: 'sign-device-keys' }),
    'in the name of another device': () => insider.publish([state()], [], { device: Buffer.alloc(16, 7) }),
    'with a root that is not the tree': () => insider.publish([state()], [], { root: Buffer.alloc(32, 1) }),
    'of an epoch that its seal does not have': () => insider.publish([state()], [], { epoch: 2 }),
    'with a counter that leaves some out': () => insider.publish([state()], [], { counter: 9 }),
    'with a number far from all others': () => insider.publish([state()], [], { lamportStep: 5_000_000 }),
    'with a body that is no CBOR': () => insider.publish([], [], { bodyBytes: Buffer.from('ff00ff', 'hex') }),
    'with a body in another encoding': () => insider.publish([], [], { bodyBytes: Buffer.from('8318018080', 'hex') }),
    'with bytes behind its body': () => insider.publish([], [], { bodyBytes: Buffer.from('8301808000', 'hex') }),
    'with a map in its body': () => insider.publish([], [], { bodyBytes: Buffer.from('8301a06080', 'hex') }),
    'with a body nested deep': () => insider.publish([], [], { bodyBytes: Buffer.concat([Buffer.alloc(5_000, 0x81), Buffer.of(0x80)]) }),
    'with an array that claims 2^40 items': () => insider.publish([], [], { bodyBytes: Buffer.from('83019b0000010000000000', 'hex') }),
    'with a change of a kind that there is not': () => insider.publish([], [], { bodyBytes: Buffer.from('83018181186380', 'hex') }),
  };

  test.each(Object.keys(forgeries))('%s', async (name) => {
    forgeries[name]?.();
    await checkRefused(fixture, 'desk', ['E_UNTRUSTED_DEVICE', 'E_TAMPER', 'E_FORMAT', 'E_LIMIT', 'E_EPOCH', 'E_MISSING']);
    expect(fs.existsSync(path.join(fixture.folder('desk'), 'planted.txt'))).toBe(false);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('guard: the same without a fault is believed', async () => {
    insider.publish([state()]);
    await fixture.must('desk', 'sync');
    expect(fs.existsSync(path.join(fixture.folder('desk'), 'planted.txt'))).toBe(true);
  });
});

interface GoodContent {
  readonly wire: Wire;
  readonly pack: Wire;
  readonly chunkId: Uint8Array;
}

function goodContent(value: string): GoodContent {
  const chunk = insider.chunk(text(value));
  return { wire: insider.content(chunk.chunkId, chunk.plainBytes), pack: insider.putPack([chunk]).wire, chunkId: chunk.chunkId };
}

/** Says that it is `declared` bytes and expands to 256 MiB. */
function bomb(declared: number): HostileChunk {
  const frame = zstdCompressSync(Buffer.alloc(256 * 1024 * 1024));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(declared);
  return { chunkId: insider.chunkId(Buffer.alloc(declared)), plainBytes: declared, coded: Buffer.concat([Buffer.of(1), length, frame]) };
}

function twoFrames(): HostileChunk {
  const half = zstdCompressSync(Buffer.alloc(1_000, 1));
  return {
    chunkId: insider.chunkId(Buffer.alloc(2_000, 1)),
    plainBytes: 2_000,
    coded: Buffer.concat([Buffer.of(1, 0, 0, 0x07, 0xd0), half, half]),
  };
}

/** Everything around the synced folders but the store: the canary, and the profiles' names and keys. */
function outsideState(): string[] {
  const place = fixture.path();
  const names = execFileSync('find', [place, '-maxdepth', '1', '-printf', '%f\n'], { encoding: 'utf8' }).split('\n').toSorted();
  const above = fs.readdirSync(path.dirname(place)).toSorted();
  const keys = (['desk', 'laptop'] as const).map((device) =>
    fs.readFileSync(path.join(fixture.profile(device), 'device.key')).toString('hex'),
  );
  return [...names, ...above, ...keys, fs.readFileSync(path.join(place, 'canary'), 'utf8'), String(fs.existsSync('/tmp/cachette-insider'))];
}
