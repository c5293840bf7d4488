/**
 * The whole way, once, for a person to watch: a server, two devices, a real tree of files, an edit, a rename, a conflict,
 * and what the store sees of all that. Ends with exit code 1 where anything is not as promised; leaves nothing running.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describeTree, differences } from './describe-tree.ts';
import { gatherFiles } from './gather-files.ts';
import { Program } from './program.ts';
import { findInStore, listObjects, hexDump } from './look-into-store.ts';

const filesWanted = Number(process.env['CACHETTE_DEMO_FILES'] ?? 10_000);
const secretText = 'the treasure is buried under the third oak';

const place = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-demo-'));
const at = (name: string): string => path.join(place, name);
const program = new Program(place);
let failures = 0;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function check(isTrue: boolean, what: string): void {
  say(`  ${isTrue ? 'ok  ' : 'FAIL'} ${what}`);
  if (!isTrue) failures += 1;
}

async function step<Result>(what: string, act: () => Promise<Result> | Result): Promise<Result> {
  const start = performance.now();
  const result = await act();
  say(`${what}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return result;
}

function compareFolders(): void {
  const found = differences(describeTree(at('laptop')), describeTree(at('desk')));
  check(found.length === 0, 'both folders hold the same: names, contents, execute bits, times');
  for (const line of found.slice(0, 5)) say(`       ${line}`);
}

async function syncBoth(): Promise<void> {
  for (const device of ['laptop', 'desk', 'laptop']) await program.run(device, ['sync']);
}

function storeSize(): { objects: number; bytes: number } {
  const objects = listObjects(at('store'));
  return { objects: objects.length, bytes: objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) };
}

async function story(): Promise<void> {
  say(`Cachette's demo, in ${place}\n`);
  const url = await step('The small server starts', () => program.serve(at('store')));
  const files = await step('A real tree of files on the laptop', () => gatherFiles(at('laptop'), filesWanted));
  fs.writeFileSync(path.join(at('laptop'), 'Diary of Ada.txt'), `${secretText}\n`);
  say(`  ${files} files`);
  const { recoveryKey } = await step('laptop: init (makes the vault)', () => program.init('laptop', url, at('laptop')));
  await step('desk: join (with the recovery key)', () => program.join('desk', { url, folder: at('desk'), recoveryKey }));
  await step('laptop: sync (everything goes up)', () => program.run('laptop', ['sync']));
  await step('desk: sync (everything comes down)', () => program.run('desk', ['sync']));
  compareFolders();
  const first = storeSize();
  say(`  the store holds ${first.objects} objects, ${(first.bytes / 1e6).toFixed(1)} MB\n`);

  fs.appendFileSync(path.join(at('desk'), 'Diary of Ada.txt'), 'or the fourth\n');
  await step('desk edits a file, both sync', syncBoth);
  compareFolders();

  const before = storeSize();
  fs.renameSync(path.join(at('laptop'), 'packages'), path.join(at('laptop'), 'renamed packages'));
  await step('laptop renames a folder with most of the files, both sync', syncBoth);
  compareFolders();
  const after = storeSize();
  check(
    after.objects - before.objects <= 1 && after.bytes - before.bytes < 16_384,
    `the store grew by ${after.bytes - before.bytes} bytes for that`,
  );

  fs.writeFileSync(path.join(at('laptop'), 'Diary of Ada.txt'), 'written on the laptop\n');
  fs.writeFileSync(path.join(at('desk'), 'Diary of Ada.txt'), 'written on the desk\n');
  await step('both edit the same file, both sync', syncBoth);
  compareFolders();
  for (const name of fs.readdirSync(at('laptop')).filter((entry) => entry.startsWith('Diary'))) {
    say(`  ${name}: ${fs.readFileSync(path.join(at('laptop'), name), 'utf8').trim()}`);
  }
  check(
    fs.readdirSync(at('laptop')).filter((entry) => entry.startsWith('Diary')).length === 2,
    'nobody lost anything: one copy has the conflict name, on both devices',
  );

  say('\nWhat each device says:');
  for (const device of ['laptop', 'desk']) say(`  ${device}: ${await program.run(device, ['status', '--json'])}`);
  say('\nWhat the store sees:');
  const objects = listObjects(at('store'));
  for (const { name, sizeBytes } of [...objects.slice(0, 6), ...objects.slice(-3)]) say(`  ${String(sizeBytes).padStart(9)}  ${name}`);
  say(hexDump(at('store'), objects.at(-1)?.name ?? ''));
  for (const canary of [secretText, 'Diary of Ada', 'laptop', recoveryKey, recoveryKey.replaceAll('-', '')])
    check(!findInStore(at('store'), canary), `the store does not hold "${canary.slice(0, 12)}…"`);
}

try {
  await story();
} catch (error) {
  failures += 1;
  say(`FAIL ${error instanceof Error ? error.message : String(error)}`);
} finally {
  await program.stop();
  fs.rmSync(place, { recursive: true, force: true });
}
say(failures === 0 ? '\nAll as promised.' : `\n${failures} thing(s) not as promised.`);
process.exitCode = failures === 0 ? 0 : 1;
