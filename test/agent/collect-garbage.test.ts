import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';

const mib = 1024 * 1024;
const module = path.resolve(import.meta.dirname, '../../src/agent/threads/collect-garbage.ts');

/** In a process of its own: what is measured is the process's. */
function measure(steps: string): number[] {
  const script = `
    const { collectYoung, shrinkHeap } = await import(${JSON.stringify(module)});
    const rss = () => process.memoryUsage.rss();
    const fill = (mib) => Array.from({ length: mib * 1024 }, (_, at) => Array.from({ length: 128 }, () => at));
    const figures = [];
    ${steps}
    process.stdout.write(JSON.stringify(figures));`;
  const figures: unknown = JSON.parse(execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' }));
  if (!Array.isArray(figures)) throw new Error('no figures');
  return figures.map(Number);
}

test('what a long pass left behind goes back to the system', () => {
  const [empty = 0, full = 0, after = 0] = measure(
    `shrinkHeap(); figures.push(rss()); let garbage = fill(96); figures.push(rss()); garbage = undefined; shrinkHeap(); figures.push(rss());`,
  );
  expect(full - empty).toBeGreaterThan(80 * mib);
  expect(after - empty).toBeLessThan(32 * mib);
});

test('it does not look again where little came since', () => {
  const [first = 0, second = 0] = measure(`
    const { PerformanceObserver } = await import('node:perf_hooks');
    let collections = 0;
    new PerformanceObserver((list) => { collections += list.getEntries().filter(({ detail }) => detail.kind === 4).length; }).observe({ entryTypes: ['gc'] });
    // What was observed is told in turns of the loop, not in time: a busy computer may let 50 ms pass before the first of them.
    const soon = async () => { for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve)); };
    shrinkHeap(); await soon(); figures.push(collections);
    shrinkHeap(); await soon(); figures.push(collections);`);
  expect(first).toBeGreaterThan(0);
  expect(second).toBe(first);
});

test('buffers that came and went are let go of, though nothing else is allocated', () => {
  const [empty = 0, full = 0, after = 0] = measure(`
    const held = () => process.memoryUsage().arrayBuffers;
    // V8 frees the bytes of buffers that it has found dead in a thread of its own, a moment after the collection. To look a hundred
    // times allocates too little to bring a collection about (seen to take some two hundred and sixty).
    const freed = async () => { for (let look = 0; held() > 1_048_576 && look < 100; look += 1) await new Promise((resolve) => setTimeout(resolve, 50)); };
    collectYoung(); await freed(); figures.push(held());
    const piece = (bytes) => { new Uint8Array(bytes).fill(1); };
    for (let at = 0; at < 200; at += 1) piece(64 * 1024);
    figures.push(held()); collectYoung(); await freed(); figures.push(held());`);
  expect(full - empty).toBeGreaterThan(6 * mib);
  expect(after - empty).toBeLessThan(mib);
});
