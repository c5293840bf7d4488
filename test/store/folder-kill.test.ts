import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { expect, test } from 'vitest';

import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { openFolderStore } from '../../src/store/folder/folder-store.ts';
import { objectBytes } from './folder-writer.ts';
import { temporaryFolder } from './temporary-folder.ts';

const rounds = 8;

test('a writer killed at any moment leaves whole objects only, and every one it was told is stored', async () => {
  const dir = await temporaryFolder();
  const stored: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'folder-writer.ts'), dir, String(round * 1000)]);
    const killAfter = 3 + round * 5;
    let seen = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      const [number, outcome] = line.split(' ');
      if (outcome === 'stored') stored.push(Number(number));
      seen += 1;
      if (seen === killAfter) child.kill('SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    expect(child.signalCode).toBe('SIGKILL');
  }

  const store = openFolderStore(dir, { clock: systemClock, random: systemRandom });
  const { names } = await store.list('', { limit: 1000 });
  expect(names.length).toBeGreaterThanOrEqual(stored.length);
  for (const name of names) {
    const number = Number(name.split('/').at(-1));
    const bytes = await store.get(name, { maxBytes: objectBytes });
    expect(bytes?.byteLength).toBe(objectBytes);
    expect(bytes?.every((byte) => byte === (number & 255))).toBe(true);
  }
  const numbers = new Set(names.map((name) => Number(name.split('/').at(-1))));
  expect(stored.filter((number) => !numbers.has(number))).toEqual([]);
});
