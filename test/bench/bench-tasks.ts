import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { insertByteAtFront } from '../acceptance/write-files.ts';
import { Background } from './background.ts';
import type { Row } from './bench-table.ts';
import { cachette, cachetteCommand, type Contender, type Place } from './contender.ts';
import { measure, prepare, type Command, type Cost } from './measured-run.ts';

/** Collects what was measured: runs of one contender at one task make one row. */
export class Measurements {
  readonly rows: { task: string; who: string; costs: Row['costs'][number][]; storedBytes?: number[] }[] = [];
  readonly #say: (line: string) => void;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  /** Measures the command; with a store, what that has more of afterwards. */
  run(task: string, who: string, command: Command, { report, store }: { readonly report: string; readonly store?: string }): void {
    const before = store === undefined ? 0 : folderBytes(store);
    const cost = measure(command, report);
    this.note(task, who, cost, store === undefined ? undefined : folderBytes(store) - before);
  }

  note(task: string, who: string, cost: Cost, storedBytes?: number): void {
    const { seconds, cpuSeconds, peakBytes } = cost;
    this.#say(`${task}, ${who}: ${seconds.toFixed(2)} s, ${cpuSeconds.toFixed(2)} s of processors, ${(peakBytes / 1e6).toFixed(0)} MB`);
    let row = this.rows.find((each) => each.task === task && each.who === who);
    if (row === undefined) this.rows.push((row = { task, who, costs: [], ...(storedBytes !== undefined && { storedBytes: [] }) }));
    row.costs.push(cost);
    if (storedBytes !== undefined) row.storedBytes?.push(storedBytes);
  }
}

/** The same data for everyone, made once. */
export interface DataSet {
  readonly name: string;
  readonly folder: string;
}

/** Gives `act` a place of its own, and takes all of it away afterwards. */
export async function inPlace(data: DataSet, act: (place: Place) => void | Promise<void>): Promise<void> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-bench-'));
  try {
    const place: Place = {
      source: path.join(root, 'source'),
      store: path.join(root, 'store'),
      target: path.join(root, 'target'),
      work: path.join(root, 'work'),
    };
    for (const folder of [place.store, place.target, place.work]) fs.mkdirSync(folder);
    prepare({ program: 'cp', args: ['-a', data.folder, place.source] });
    await act(place);
  } finally {
    fs.rmSync(root, { recursive: true, force: true });
  }
}

/** First upload, nothing to do, first download, and that all of it arrived. */
export function throughAll(measurements: Measurements, contender: Contender, data: DataSet, place: Place): void {
  const report = path.join(place.work, 'time');
  const run = (task: string, command: Command): void => measurements.run(`${data.name}: ${task}`, contender.name, command, { report });
  contender.setUp(place);
  run('first upload', contender.upload(place));
  run('nothing to do', contender.upload(place));
  contender.setUpSecond(place);
  run('first download', contender.download(place));
  if (countFiles(place.target) < countFiles(place.source)) throw new Error(`${contender.name} did not bring everything`);
}

/** After a first upload: a byte at the front of the only file. */
export function byteAtFront(measurements: Measurements, contender: Contender, data: DataSet, place: Place): void {
  insertByteAtFront(path.join(place.source, 'file'));
  const options = { report: path.join(place.work, 'time'), store: place.store };
  measurements.run(`${data.name}: a byte more at its front`, contender.name, contender.upload(place), options);
}

/** After a first upload: half of all files are in a folder that gets another name. */
export function renamedFolder(measurements: Measurements, contender: Contender, data: DataSet, place: Place): void {
  fs.renameSync(path.join(place.source, 'half'), path.join(place.source, 'renamed'));
  const options = { report: path.join(place.work, 'time'), store: place.store };
  measurements.run(`${data.name}: a folder with half of them renamed`, contender.name, contender.upload(place), options);
}

/** What no program that does the work can be faster than. */
export function floors(measurements: Measurements, data: DataSet, place: Place): void {
  const report = path.join(place.work, 'time');
  measurements.run(
    `${data.name}: first upload`,
    'cp',
    { program: 'cp', args: ['-a', place.source, path.join(place.store, 'copy')] },
    { report },
  );
  const seal: Command = { program: process.execPath, args: [path.join(import.meta.dirname, 'only-seal.ts'), place.source] };
  measurements.run(`${data.name}: first upload`, 'libsodium', seal, { report });
  const find: Command = { program: 'find', args: [place.source, '-printf', '%p %s %T@ %i\n'] };
  measurements.run(`${data.name}: nothing to do`, 'find', find, { report });
}

const restSeconds = 30;

/** Until an agent that was here before has seen that all is as it was. */
async function restart(measurements: Measurements, data: DataSet, place: Place): Promise<void> {
  const startMs = performance.now();
  const agent = await Background.start(cachetteCommand(place, 'first', ['sync', '--watch', '--json']), path.join(place.work, 'agent.log'));
  try {
    await agent.said('"state":"synced"');
    const { cpuSeconds, residentBytes } = agent.usage();
    const cost = { seconds: (performance.now() - startMs) / 1000, cpuSeconds, peakBytes: residentBytes };
    measurements.note('`sync --watch` is started again', data.name, cost);
  } finally {
    await agent.stop();
  }
}

/** What an agent takes that has nothing to do: processor time over half a minute, and the memory that it has then. */
async function atRest(measurements: Measurements, data: DataSet, place: Place): Promise<void> {
  const agent = await Background.start(cachetteCommand(place, 'first', ['sync', '--watch', '--json']), path.join(place.work, 'agent.log'));
  try {
    await agent.said('"state":"synced"');
    await sleep(restSeconds * 1000);
    const before = agent.usage();
    await sleep(restSeconds * 1000);
    const { cpuSeconds, residentBytes } = agent.usage();
    const cost = { seconds: restSeconds, cpuSeconds: cpuSeconds - before.cpuSeconds, peakBytes: residentBytes };
    measurements.note('`sync --watch` with nothing to do', data.name, cost);
  } finally {
    await agent.stop();
  }
}

/** What grows with the change, not with the tree: Cachette alone, at trees of different sizes. */
export async function growth(measurements: Measurements, data: DataSet, place: Place): Promise<void> {
  const report = path.join(place.work, 'time');
  const run = (task: string, command: Command): void => measurements.run(task, data.name, command, { report });
  cachette.setUp(place);
  run('first upload', cachette.upload(place));
  run('nothing to do', cachette.upload(place));
  await atRest(measurements, data, place);
  await restart(measurements, data, place);
  run('status', cachetteCommand(place, 'first', ['status']));
  fs.appendFileSync(path.join(place.source, 'half', 'folder 0', 'file 0'), 'more');
  run('one file edited', cachette.upload(place));
  fs.renameSync(path.join(place.source, 'half'), path.join(place.source, 'renamed'));
  run('half of all files in a renamed folder', cachette.upload(place));
  cachette.setUpSecond(place);
  run('a second device gets everything', cachette.download(place));
}

function countFiles(folder: string): number {
  const { stdout } = spawnSync('find', [folder, '-name', '.cachette', '-prune', '-o', '-type', 'f', '-print'], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  return stdout.split('\n').length - 1;
}

function folderBytes(folder: string): number {
  const { stdout } = spawnSync('du', ['-sb', '--apparent-size', folder], { encoding: 'utf8' });
  return Number.parseInt(stdout, 10);
}
