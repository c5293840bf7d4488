/**
 * `npm run bench`: Cachette beside programs that do a part of its work, on the same data in one run, in turns, since machines
 * are noisy; prints medians and ratios. With `--write`, the table goes into README.md beside this file.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { writeLargeFile, writeSmallFiles } from '../acceptance/write-files.ts';
import { ceph } from '../servers/ceph.ts';
import { isInstalled } from '../servers/chosen-servers.ts';
import { installPackages } from '../servers/install-packages.ts';
import { benchTable, type Row } from './bench-table.ts';
import { byteAtFront, floors, growth, inPlace, Measurements, renamedFolder, throughAll, type DataSet } from './bench-tasks.ts';
import { contenders, type Contender } from './contender.ts';
import { throughLink } from './far-store.ts';
import { latencyTable, measureLatencies, type Latencies } from './live-latency.ts';
import { CachettePair, startSyncthing, type LivePair } from './live-pairs.ts';

const usage = `Options: --files N      small files, of 2 to 18 KB (20000)
         --mib N        size of the large file (1024)
         --runs N       of each (3)
         --only NAME    one group; may be given again: small, large, growth, live, far (small and large)
         --sizes A,B    trees of the group growth (1000,10000,100000; 1000000 takes an hour and 30 GB)
         --changes N    of the group live, one after the other (30)
         --far-files N  small files of the group far (2000)
         --far-mib N    size of its large file (256)
         --write        put the tables into test/bench/README.md`;

const { values: options } = parseArgs({
  options: {
    files: { type: 'string', default: '20000' },
    mib: { type: 'string', default: '1024' },
    runs: { type: 'string', default: '3' },
    only: { type: 'string', multiple: true, default: ['small', 'large'] },
    sizes: { type: 'string', default: '1000,10000,100000' },
    changes: { type: 'string', default: '30' },
    'far-files': { type: 'string', default: '2000' },
    'far-mib': { type: 'string', default: '256' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const runs = Number(options.runs);
const data = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-bench-data-'));

async function bench(): Promise<void> {
  installPackages(['time', 'rclone', 'restic', 'unison', 'syncthing'].filter((name) => !isThere(name === 'time' ? '/usr/bin/time' : name)));
  if (!isThere('/usr/bin/time')) throw new Error('GNU time is needed (Debian: apt-get install time)');
  const there = contenders.filter(({ name, program }) => isThere(program) || say(`${name} is not on this machine: left out`));
  const tables: { readonly group: string; readonly table: string }[] = [];
  for (const group of options.only) {
    const make = groups.get(group);
    if (make === undefined) throw new Error(`no group '${group}'\n${usage}`);
    tables.push({ group, table: await make(there) });
  }
  const text = tables.map(({ table }) => table).join('\n\n');
  say(`\n${machine()}\n\n${text}`);
  if (options.write) for (const { group, table } of tables) writeTable(group, table);
}

/** Each makes its table. */
const groups: ReadonlyMap<string, (there: readonly Contender[]) => Promise<string>> = new Map([
  ['small', (there: readonly Contender[]) => sideBySide(smallFiles(Number(options.files)), renamedFolder, there)],
  ['large', (there: readonly Contender[]) => sideBySide(largeFile(Number(options.mib)), byteAtFront, there)],
  ['growth', growthTable],
  ['live', liveTable],
  ['far', farTable],
]);

async function sideBySide(set: DataSet, change: typeof renamedFolder, there: readonly Contender[]): Promise<string> {
  const measurements = new Measurements(say);
  for (let run = 0; run < runs; run += 1) {
    for (const contender of there) {
      await inPlace(set, (place) => {
        throughAll(measurements, contender, set, place);
        change(measurements, contender, set, place);
      });
    }
    await inPlace(set, (place) => floors(measurements, set, place));
  }
  return benchTable(byTask(measurements));
}

function byTask({ rows }: Measurements): readonly Row[] {
  return rows.toSorted((a, b) => (a.task < b.task ? -1 : a.task > b.task ? 1 : 0));
}

async function growthTable(): Promise<string> {
  const measurements = new Measurements(say);
  for (const size of options.sizes.split(',').map(Number))
    await inPlace(smallFiles(size), (place) => growth(measurements, smallFiles(size), place));
  return benchTable(measurements.rows, 'tree');
}

async function liveTable(): Promise<string> {
  const set = smallFiles(Number(options.files));
  const latencies: Latencies = new Map();
  await inPlace(set, (ours) =>
    inPlace(set, async (theirs) => {
      const cachettes = await CachettePair.start(ours);
      const others: LivePair[] = isThere('syncthing') ? [await startSyncthing(theirs)] : [];
      try {
        for (const settleSeconds of [undefined, 0]) {
          const pair = await cachettes.run(settleSeconds);
          await measureLatencies([pair, ...(settleSeconds === undefined ? others : [])], Number(options.changes), latencies);
          say([...latencies].map(([who, each]) => `${who}: ${each.map((ms) => ms.toFixed(0)).join(' ')} ms`).join('\n'));
        }
      } finally {
        await cachettes.stop();
        for (const other of others) await other.stop();
      }
    }),
  );
  return latencyTable(latencies);
}

async function farTable(there: readonly Contender[]): Promise<string> {
  if (!isInstalled(ceph)) installPackages(ceph.packages);
  const measurements = new Measurements(say);
  const [few, large] = [smallFiles(Number(options['far-files'])), largeFile(Number(options['far-mib']))];
  for (let run = 0; run < runs; run += 1) {
    for (const delayMs of [20, 100]) await throughLink(measurements, few, { delayMs, megabit: 0 }, there);
    for (const megabit of [200, 1000]) await throughLink(measurements, large, { delayMs: 20, megabit }, there);
  }
  return benchTable(byTask(measurements));
}

function smallFiles(count: number): DataSet {
  const folder = path.join(data, `${count} files`);
  if (!fs.existsSync(folder)) {
    writeSmallFiles(path.join(folder, 'half'), Math.floor(count / 2), 1);
    writeSmallFiles(path.join(folder, 'others'), Math.ceil(count / 2), 2);
  }
  return { name: `${count.toLocaleString('en')} small files`, folder };
}

function largeFile(mib: number): DataSet {
  const folder = path.join(data, `${mib} MiB`);
  if (!fs.existsSync(folder)) {
    fs.mkdirSync(folder);
    writeLargeFile(path.join(folder, 'file'), mib << 20, 3);
  }
  return { name: `one file of ${mib} MiB`, folder };
}

function isThere(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v "${program}"`]).status === 0;
}

function machine(): string {
  const [cpu] = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  return `${os.availableParallelism()} cores (${cpu?.model ?? 'unknown'}), ${memory} GiB, ${os.type()} ${os.release()}; load at the start ${os.loadavg()[0]?.toFixed(1)}`;
}

/** Between the marks that the page has for this group. */
function writeTable(group: string, table: string): void {
  const page = path.join(import.meta.dirname, 'README.md');
  const [begin, end] = [`<!-- ${group} -->`, `<!-- end of ${group} -->`];
  const text = fs.readFileSync(page, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page} has no place for ${group}`);
  fs.writeFileSync(page, `${text.slice(0, from + begin.length)}\n${machine()}\n\n${table}\n${text.slice(to)}`);
}

if (options.help) say(usage);
else {
  try {
    await bench();
  } finally {
    fs.rmSync(data, { recursive: true, force: true });
  }
}
