import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { SyncIndex } from '../../src/index/sync-index.ts';
import { crashFiles } from './crash-files.ts';
import { contentOf, nodeId } from './sample-nodes.ts';
import { useIndexFolder } from './with-index-folder.ts';

const { pathOf } = useIndexFolder();
const writer = fileURLToPath(new URL('crash-writer.ts', import.meta.url));

/** Runs the writer, kills it after it reported so many rounds, and returns the last round that it reported. */
async function crashAfter(file: string, rounds: number): Promise<number> {
  const child = spawn(process.execPath, [writer, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  let [seen, last] = [0, 0];
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line);
    seen += 1;
    if (seen === rounds) child.kill('SIGKILL');
  }
  expect(await exited).toEqual([null, 'SIGKILL']);
  return last;
}

test('an index whose process is killed in the midst of transactions holds exactly the committed ones', async () => {
  const file = pathOf('index.db');
  let before = 0;
  for (const rounds of [1, 2, 7, 3, 12]) {
    const reported = await crashAfter(file, rounds);
    expect(reported).toBeGreaterThanOrEqual(before + rounds);
    const index = SyncIndex.open(file);
    index.database.checkIntegrity();
    const round = index.settings.findInteger('round') ?? 0;
    // What was reported is there; at most the one commit whose report got lost is there too.
    expect(round - reported).toBeGreaterThanOrEqual(0);
    expect(round - reported).toBeLessThanOrEqual(1);
    for (let at = 0; at < crashFiles; at += 1) expect(index.local.find(nodeId(at))?.state.name).toBe(`file ${at} round ${round}`);
    expect(index.local.count()).toEqual({ files: crashFiles, folders: 0, links: 0, bytes: crashFiles * (round % 100) });
    expect(index.contents.find(contentOf(`round ${round}`).id)).toBeDefined();
    expect(index.contents.find(contentOf(`round ${round + 1}`).id)).toBeUndefined();
    const dirty = index.dirty
      .take(1_000)
      .map(({ id }) => id)
      .toSorted();
    expect(dirty).toHaveLength(crashFiles / 2);
    index.dirty.rebuild();
    expect(
      index.dirty
        .take(1_000)
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(dirty);
    index.close();
    before = round;
  }
});
