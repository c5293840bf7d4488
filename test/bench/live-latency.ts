import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from './bench-table.ts';
import type { LivePair } from './live-pairs.ts';

const addedBytes = 4096;
const giveUpMs = 120_000;
/** Between two changes: whoever collects changes for a while begins anew. */
const pauseMs = 1500;

/** In milliseconds, of each program. */
export type Latencies = Map<string, number[]>;

/** Appends to one file after the other, each pair in turn, and waits until it is on the other side. */
export async function measureLatencies(pairs: readonly LivePair[], rounds: number, latencies: Latencies): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    for (const { who, source, target } of pairs) {
      const name = path.join('others', `folder ${round % 10}`, `file ${(round % 10) * 100 + round}`);
      const ms = await appended(path.join(source, name), path.join(target, name));
      latencies.set(who, [...(latencies.get(who) ?? []), ms]);
      await sleep(pauseMs);
    }
  }
}

async function appended(source: string, target: string): Promise<number> {
  const size = fs.statSync(target).size + addedBytes;
  const added = Buffer.alloc(addedBytes, `${size} `);
  const startMs = performance.now();
  fs.appendFileSync(source, added);
  for (;;) {
    if (fs.statSync(target, { throwIfNoEntry: false })?.size === size) break;
    if (performance.now() - startMs > giveUpMs) throw new Error(`${target} never came`);
    await sleep(1);
  }
  const ms = performance.now() - startMs;
  if (!fs.readFileSync(target).subarray(-addedBytes).equals(added)) throw new Error(`${target} came with something else`);
  return ms;
}

const header = ['who', 'median', 'of Cachette’s', 'fastest', 'slowest', 'times'];

/** Markdown, in milliseconds. */
export function latencyTable(latencies: Latencies): string {
  const ours = median(latencies.get('Cachette') ?? []);
  const lines = [...latencies].map(([who, each]) => [
    who,
    `${median(each).toFixed(0)} ms`,
    who === 'Cachette' ? '' : `${(median(each) / ours).toFixed(2)} ×`,
    `${Math.min(...each).toFixed(0)} ms`,
    `${Math.max(...each).toFixed(0)} ms`,
    String(each.length),
  ]);
  return [header, header.map(() => '---'), ...lines].map((line) => `| ${line.join(' | ')} |`).join('\n');
}
