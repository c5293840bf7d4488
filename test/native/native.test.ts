/** The native code as such: that there is some, in whatever thread and program, and that nothing handed to it brings it down. */
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { once } from 'node:events';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { native } from '../../src/base/native.ts';

const root = path.resolve(import.meta.dirname, '../..');
const loader = path.join(root, 'src/base/native.ts');
const hasCompiler = [['make'], ['g++', 'c++', 'clang++'], ['python3']].every((names) =>
  names.some((name) => spawnSync(name, ['--version']).status === 0),
);
const isOff = (process.env['CACHETTE_NO_NATIVE'] ?? '') !== '';

/** Anything at all, and now and then what is nearly right. */
const anything = fc.oneof(
  fc.anything({ withBigInt: true, withTypedArray: true, withSparseArray: true }),
  fc.constantFrom(-1, 0, 1, 3, 2 ** 31, 2 ** 53, Number.NaN, Infinity, '.', '..', '', 'a/b', 'a\0b', '\uDC80', '\uD800', 'x'.repeat(5000)),
  fc.constantFrom(new Uint8Array(), new Uint8Array(16), new Uint8Array(2080), new BigInt64Array(16), new DataView(new ArrayBuffer(8))),
  fc.constantFrom(detached(), new Uint8Array(new SharedArrayBuffer(16)), Buffer.alloc(64)),
);

function detached(): Uint8Array {
  const bytes = new Uint8Array(16);
  structuredClone(bytes, { transfer: [bytes.buffer] });
  return bytes;
}

/** No number that may be a descriptor of this process. */
function notOurs(part: unknown): unknown {
  return typeof part === 'number' && part > 2 && part < 1_000_000 ? part + 1_000_000 : part === 0 || part === 1 || part === 2 ? -0.5 : part;
}

test.skipIf(isOff || !hasCompiler)('is there wherever it can be built (`npm run build`)', () => {
  expect(native).toBeDefined();
});

test('is left out where the environment says so', () => {
  const show = `import { native } from ${JSON.stringify(loader)}; console.log(native === undefined)`;
  const env = { ...process.env, CACHETTE_NO_NATIVE: '1' };
  expect(execFileSync(process.execPath, ['--input-type=module', '-e', show], { encoding: 'utf8', env })).toBe('true\n');
});

describe.skipIf(native === undefined)('native code', () => {
  const calls = [native, native?.files, native?.zstd, native?.watches]
    .flatMap((part) => Object.entries(part ?? {}))
    .filter((entry): entry is [string, (...parts: unknown[]) => unknown] => typeof entry[1] === 'function');

  test('is loaded by several threads at once, and again after they ended', async () => {
    const code = `
      const { parentPort } = require('node:worker_threads');
      import(${JSON.stringify(loader)}).then(({ native }) => parentPort.postMessage(typeof native?.nextCut));
    `;
    for (let round = 0; round < 2; round += 1) {
      const workers = Array.from({ length: 3 }, () => new Worker(code, { eval: true }));
      expect(await Promise.all(workers.map(async (worker) => (await once(worker, 'message')) as unknown[]))).toEqual([
        ['function'],
        ['function'],
        ['function'],
      ]);
      await Promise.all(workers.map((worker) => worker.terminate()));
    }
  });

  test.runIf(native?.watches !== undefined)('watches end with their thread, and keep nobody from ending', async () => {
    const code = `
      const { parentPort } = require('node:worker_threads');
      import(${JSON.stringify(loader)}).then(({ native }) => {
        const folder = require('node:fs').mkdtempSync(require('node:os').tmpdir() + '/cachette-native-');
        globalThis.kept = Array.from({ length: 3 }, () => native.watches.open(() => {}));
        for (const each of globalThis.kept) native.watches.watch(each, folder);
        native.watches.close(globalThis.kept[0]);
        globalThis.kept[1] = undefined;
        require('node:fs').rmSync(folder, { recursive: true });
        parentPort?.postMessage('watching');
      });
    `;
    const worker = new Worker(code, { eval: true });
    expect(await once(worker, 'message')).toEqual(['watching']);
    await worker.terminate();
    expect(execFileSync(process.execPath, ['-e', `${code}; console.log('at work')`], { encoding: 'utf8' })).toBe('at work\n');
    // Its own end: nothing that runs would keep it.
    expect(await once(new Worker(code, { eval: true }), 'exit')).toEqual([0]);
  });

  test.each(calls)('%s refuses what it does not take, and does not crash', async (_, call) => {
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anything, { maxLength: 8 }), async (parts) => {
        try {
          await call(...parts.map((part) => notOurs(part)));
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          if (error instanceof TypeError) refused += 1;
        }
      }),
      { numRuns: 400 },
    );
    expect(refused).toBeGreaterThan(20);
  });

  test('takes no rule that is none, and no state of another rule', () => {
    const rule = new Uint8Array(2080);
    const bounds = new Uint32Array(rule.buffer, 2048 + 16 + 4, 2);
    const cut = (state: Uint8Array): number | undefined => native?.nextCut(rule, state, new Uint8Array(100), 0);
    expect(() => cut(new Uint8Array(16))).toThrow(TypeError);
    bounds.set([64, 65]);
    expect(cut(new Uint8Array(16))).toBe(65);
    expect(() => cut(new Uint8Array(new Uint32Array([0, 0, 65, 0]).buffer))).toThrow(TypeError);
    expect(() => cut(new Uint8Array(17))).toThrow(TypeError);
    bounds.set([65, 64]);
    expect(() => cut(new Uint8Array(16))).toThrow(TypeError);
  });
});
