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
import { installPackages } from '../servers/install-packages.ts';
import { benchTable } from './bench-table.ts';
import { byteAtFront, floors, growth, inPlace, Measurements, renamedFolder, throughAll, type DataSet } from './bench-tasks.ts';
import { contenders, type Contender } from './contender.ts';

const usage = `Options: --files N      small files, of 2 to 18 KB (20000)
         --mib N        size of the large file (1024)
         --runs N       of each (3)
         --only NAME    one group; may be given again: small, large, growth (small and large)
         --sizes A,B    trees of the group growth (1000,10000,100000)
         --write        put the tables into test/bench/README.md`;

const { values: options } = parseArgs({
  options: {
    files: { type: 'string', default: '20000' },
    mib: { type: 'string', default: '1024' },
    runs: { type: 'string', default: '3' },
    only: { type: 'string', multiple: true, default: ['small', 'large'] },
    sizes: { type: 'string', default: '1000,10000,100000' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const runs = Number(options.runs);
const data = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-bench-data-'));

function bench(): void {
  installPackages(['time', 'rclone', 'restic', 'unison'].filter((name) => !isThere(name === 'time' ? '/usr/bin/time' : name)));
  if (!isThere('/usr/bin/time')) throw new Error('GNU time is needed (Debian: apt-get install time)');
  const there = contenders.filter(({ name, program }) => isThere(program) || say(`${name} is not on this machine: left out`));
  const tables = options.only.map((group) => ({ group, table: tableOf(group, there) }));
  const text = tables.map(({ table }) => table).join('\n\n');
  say(`\n${machine()}\n\n${text}`);
  if (options.write) for (const { group, table } of tables) writeTable(group, table);
}

function tableOf(group: string, there: readonly Contender[]): string {
  const measurements = new Measurements(say);
  if (group === 'growth') {
    for (const size of options.sizes.split(',').map(Number))
      inPlace(smallFiles(size), (place) => growth(measurements, smallFiles(size), place));
    return benchTable(measurements.rows);
  }
  if (group !== 'small' && group !== 'large') throw new Error(`no group '${group}'\n${usage}`);
  const set = group === 'small' ? smallFiles(Number(options.files)) : largeFile(Number(options.mib));
  for (let run = 0; run < runs; run += 1) {
    for (const contender of there) {
      inPlace(set, (place) => {
        throughAll(measurements, contender, set, place);
        (group === 'small' ? renamedFolder : byteAtFront)(measurements, contender, set, place);
      });
    }
    inPlace(set, (place) => floors(measurements, set, place));
  }
  return benchTable(measurements.rows.toSorted((a, b) => (a.task < b.task ? -1 : a.task > b.task ? 1 : 0)));
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
    bench();
  } finally {
    fs.rmSync(data, { recursive: true, force: true });
  }
}
