import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { describeTree, differences } from '../demo/describe-tree.ts';
import { checkAgreement } from './check-refusal.ts';
import type { Asked, EvilProxy, Mischief } from './evil-proxy.ts';
import { folderState } from './folder-state.ts';
import { padClass, padme } from './insider-seals.ts';
import { openServedVault } from './served-vault.ts';
import { deskFile } from './vault-fixture.ts';

vi.mock('../../src/agent/threads/threaded-workshop.ts', () => import('./inline-workshop.ts'));

const { fixture, proxy } = await openServedVault();

beforeEach(async () => {
  proxy.behave();
  await fixture.restoreObserved();
  proxy.behave();
});

/** Every version that a person made is in the vault's tree or in its past, and no file is there twice. */
async function checkNothingLostOrDoubled(): Promise<void> {
  await checkAgreement(fixture, 'desk');
  const lines = describeTree(fixture.folder('laptop'));
  expect(
    lines.filter((line) => line.includes('conflict')),
    'no copies',
  ).toEqual([]);
  expect(lines.filter((line) => line.endsWith(deskFile))).toHaveLength(1);
  expect((await fixture.cli('laptop', 'verify', '--data')).exitCode).toBe(0);
}

describe('A26: a store that lies about writes', () => {
  const isPut = ({ method, path: asked }: Asked, kind: string): boolean => method === 'PUT' && asked.includes(kind);
  /** The first request of the kind, or each of them. */
  const meddle = (kind: string, what: ReturnType<Mischief>, times = 1): Mischief => {
    let left = times;
    return (asked) => {
      if (!isPut(asked, kind) || left === 0) return undefined;
      left -= 1;
      return what;
    };
  };
  const kinds = ['packs/', 'journal/'] as const;

  test.each(kinds)('it takes %s, says that all went well, and has nothing: said within the run, put again by the next', async (kind) => {
    proxy.mischief = meddle(kind, 'swallow', Infinity);
    const before = folderState(fixture.folder('desk')).filter((line) => line.endsWith(deskFile));
    const run = await fixture.cli('desk', 'sync');
    expect([4, 5], run.stderr).toContain(run.exitCode);
    expect(run.stderr).toMatch(/E_(STORE_BEHAVIOUR|STORE_UNREACHABLE|MISSING)/);
    expect(folderState(fixture.folder('desk')).filter((line) => line.endsWith(deskFile))).toEqual(before);
    proxy.behave();
    await checkNothingLostOrDoubled();
  });

  const ways = ['forget', 'deny', 'repeat'] as const;
  test.each(kinds.flatMap((kind) => ways.map((way) => ({ kind, way }))))('the first of $kind: $way', async ({ kind, way }) => {
    proxy.mischief = meddle(kind, way);
    const run = await fixture.cli('desk', 'sync');
    expect(run, 'one answer of that kind stops nobody').toMatchObject({ exitCode: 0 });
    expect(proxy.seen.filter((line) => line.startsWith('PUT') && line.includes('journal/'))).not.toEqual([]);
    proxy.behave();
    await checkNothingLostOrDoubled();
  });

  test.each(kinds)('every PUT of %s is refused for a name that is taken: it ends, and says that the store misbehaves', async (kind) => {
    proxy.mischief = meddle(kind, 409, Infinity);
    const run = await fixture.cli('desk', 'sync');
    expect([4, 5], run.stderr).toContain(run.exitCode);
    expect(fs.existsSync(path.join(fixture.folder('desk'), deskFile))).toBe(true);
    proxy.behave();
    await checkNothingLostOrDoubled();
  });

  test.each(kinds)('what was put below %s turns into other bytes at once', async (kind) => {
    const before = new Set(fixture.store.names());
    proxy.after = (asked) => {
      if (!isPut(asked, kind)) return;
      for (const name of fixture.store.below(kind)) {
        if (!before.has(name) && !name.includes('.tmp')) fixture.store.write(name, randomBytes(fixture.store.read(name).length));
      }
    };
    const run = await fixture.cli('desk', 'sync');
    proxy.behave();
    // Either it looked, or others will: whoever reads it next refuses it, and nobody loses the file.
    const verified = run.exitCode > 3 || (await fixture.cli('desk', 'verify', '--data')).exitCode === 5;
    expect(verified, run.stderr).toBe(true);
    expect(fs.existsSync(path.join(fixture.folder('desk'), deskFile))).toBe(true);
  });

  test('it lists as of an hour ago: what others wrote is late, what is new is written all the same', async () => {
    const old = new Set(fixture.savedStore('agreed').names());
    const hidden = fixture.store.names().filter((name) => !old.has(name) && name.startsWith('journal/'));
    const bytes = new Map(hidden.map((name) => [name, fixture.store.read(name)]));
    for (const name of hidden) fixture.store.remove(name);
    await fixture.must('desk', 'sync');
    for (const [name, content] of bytes) fixture.store.write(name, content);
    await checkNothingLostOrDoubled();
  });
});

describe('A29: the store is exchanged in the middle', () => {
  test.each(['packs/', 'journal/'])('it is emptied after the first PUT below %s', async (kind) => {
    let isEmptied = false;
    proxy.after = ({ method, path: asked }) => {
      if (method !== 'PUT' || !asked.includes(kind) || isEmptied) return;
      isEmptied = true;
      fixture.store.empty();
    };
    const run = await fixture.cli('desk', 'sync');
    expect(isEmptied, 'guard').toBe(true);
    expect([0, 4, 5], run.stderr).toContain(run.exitCode);
    const before = folderState(fixture.folder('desk'));
    proxy.behave();
    expect(await fixture.cli('desk', 'sync')).toMatchObject({
      exitCode: 5,
      stderr: expect.stringMatching(/^E_(STORE_EMPTY|MISSING|ROLLBACK): /) as string,
    });
    expect(fixture.store.below('genesis'), 'nobody makes it anew').toEqual([]);
    expect(folderState(fixture.folder('desk'))).toEqual(before);
  });

  test('it is emptied while a device joins', async () => {
    let asked = 0;
    proxy.after = ({ path: what }) => {
      if (what.includes('keys')) asked += 1;
      if (asked === 2) fixture.store.empty();
    };
    const joined = await fixture.join();
    proxy.behave();
    // Either it saw that, or it will: nobody takes what is left for a vault, or makes a new one of it.
    if (joined.exitCode === 0) {
      const run = await fixture.cli('newcomer', 'sync');
      expect(run).toMatchObject({ exitCode: 5, stderr: expect.stringMatching(/^E_(STORE_EMPTY|MISSING|TAMPER|ROLLBACK): /) as string });
      expect(fs.readdirSync(fixture.folder('newcomer'))).toEqual(['.cachette']);
    } else expect(fs.existsSync(fixture.profile('newcomer'))).toBe(false);
    expect(fixture.store.below('genesis')).toEqual([]);
  });
});

describe('A19: headers and times that the store makes up', () => {
  const noise = (): string => randomBytes(6).toString('hex');

  function madeUp(
    _: Asked,
    { 'cachette-store': own, 'content-length': length, 'content-range': range, etag }: Parameters<EvilProxy['dress']>[1],
  ) {
    return {
      'cachette-store': own ?? '1',
      ...(length === undefined ? {} : { 'content-length': length }),
      ...(range === undefined ? {} : { 'content-range': range }),
      ...(etag === undefined ? {} : { etag: `"${noise()}"` }),
      'last-modified': new Date(Math.floor(Math.random() * 4e12)).toUTCString(),
      date: new Date(Math.floor(Math.random() * 4e12)).toUTCString(),
      'content-type': ['text/html', 'application/json', 'image/png', 'application/zstd'][Math.floor(Math.random() * 4)],
      'cache-control': 'max-age=1000000, immutable',
      age: '99999',
      server: noise(),
      'set-cookie': `id=${noise()}`,
      'content-disposition': 'attachment; filename="../../x"',
      'x-amz-meta-mtime': '1',
      link: '<http://127.0.0.1:1/>; rel="next"',
    };
  }

  test('the trees are what they are without', async () => {
    const clean = describeTree(fixture.folder('laptop')).filter((line) => !line.endsWith(deskFile));
    proxy.dress = madeUp;
    for (const name of fixture.store.names()) fs.utimesSync(fixture.store.path(name), Math.random() * 4e9, Math.random() * 4e9);
    await fixture.must('desk', 'sync');
    expect((await fixture.join()).exitCode).toBe(0);
    await fixture.must('newcomer', 'sync');
    for (const device of ['desk', 'newcomer'] as const) {
      expect(
        differences(
          describeTree(fixture.folder(device)).filter((line) => !line.endsWith(deskFile)),
          clean,
        ),
      ).toEqual([]);
    }
    await checkNothingLostOrDoubled();
    expect(
      proxy.passed.filter(({ requestHeaders }) => requestHeaders.cookie !== undefined),
      'no cookie comes back',
    ).toEqual([]);
  });
});

describe('A18, A35, A38: what the store sees of a whole tour', () => {
  const block = 256 * 1024;

  test('aligned ranges, sizes of a few classes, names by chance, and nothing that tells two devices apart', async () => {
    fs.writeFileSync(path.join(fixture.folder('desk'), 'large.bin'), randomBytes(9_000_000));
    await fixture.must('desk', 'sync');
    expect((await fixture.join()).exitCode).toBe(0);
    for (const device of ['newcomer', 'laptop', 'desk'] as const) await fixture.must(device, 'sync');
    fs.rmSync(path.join(fixture.folder('laptop'), 'large.bin'));
    await fixture.must('laptop', 'sync');
    await fixture.must('laptop', 'restore', 'large.bin');

    // Of packs alone: where chunks lie in them is nobody's business. Entries are read whole.
    const ofPacks = proxy.passed.filter(({ path: asked }) => asked.includes('/packs/'));
    const ranges = ofPacks.flatMap(({ requestHeaders: { range } }) => range ?? []);
    expect(ranges.length, 'guard').toBeGreaterThan(5);
    for (const range of ranges) {
      const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
      expect([Number(start) % block, (Number(end) + 1) % block], range).toEqual([0, 0]);
    }
    for (const name of fixture.store.names()) expect({ name, ok: isSizeClass(name) }).toEqual({ name, ok: true });
    const shapes =
      /^(?:genesis|hint|keys\/\d{6}-[0-9a-f]{16}|journal\/\d{12}-[0-9a-f]{16}|packs\/([0-9a-f]{2})\/\1[0-9a-f]{30}|snapshots\/[0-9a-f]{16})$/;
    for (const name of fixture.store.names()) expect(name).toMatch(shapes);
    const varying = new Set(['host', 'range', 'content-length', 'if-none-match']);
    const headers = proxy.passed.map(({ requestHeaders }) =>
      JSON.stringify(Object.entries(requestHeaders).filter(([name]) => !varying.has(name))),
    );
    // Bodies, or none: that much differs, whoever asks.
    expect(new Set(headers).size, [...new Set(headers)].join('\n')).toBeLessThanOrEqual(3);
  });

  function isSizeClass(name: string): boolean {
    const bytes = fixture.store.read(name);
    if (name.startsWith('packs/')) return bytes.length >= 16_384 && padme(bytes.length) === bytes.length;
    if (name.startsWith('snapshots/')) return padClass(bytes.length - 82 - 4) === bytes.length - 82;
    if (!name.startsWith('journal/')) return true;
    const parts = [bytes.readUInt32BE(), bytes.length - 4 - bytes.readUInt32BE()];
    return parts.every((length) => padClass(length - 82 - 4) === length - 82);
  }
});
