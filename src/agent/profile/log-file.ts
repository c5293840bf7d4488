import fs from 'node:fs';
import path from 'node:path';
import pino from 'pino';

/** What may stand beside an event: counts, codes, times. Names of files and secrets have no place in a log. */
export type LogFields = Readonly<Record<string, number | boolean | readonly string[] | undefined>>;

/** All that a log can tell of: a text of its own could hold anything. */
export const logEvents = [
  'a code did not match',
  'agent ended',
  'bug',
  'change of keys not announced',
  'index put aside',
  'journal refused before a removal',
  'pass failed',
  'repaired',
  'restored',
  'rewound',
  'sync failed',
  'synced',
  'trash not emptied',
  'verified',
  'scrub failed',
  'what waits not noted',
] as const;
export type LogEvent = (typeof logEvents)[number];

/** A run's log. */
export interface Log {
  info(event: LogEvent, fields?: LogFields): void;
  /** Code and stack of a failure. Its message may name files: it is left out. */
  failure(event: LogEvent, error: unknown): void;
  close(): void;
}

const fileMaxBytes = 2 * 1024 * 1024;
/** In the log's folder. */
export const logFileName = 'cachette.log';
/** Lines between two looks at the file's size: an agent runs for months. */
const linesBetweenLooks = 500;

/** JSON lines in the folder; the file before it is kept once, so that both stay below 4 MiB. Never throws: a run goes on without a log. */
export function openLog(dir: string): Log {
  try {
    fs.mkdirSync(dir, { recursive: true, mode: 0o700 });
    const file = path.join(dir, logFileName);
    rotate(file);
    makePrivate(dir, 0o700);
    // Opening a pipe would wait for whoever reads it.
    if (makePrivate(file, 0o600)?.isFIFO() === true) return silentLog;
    // Synchronous: what was logged before a crash is there, and a run writes few lines.
    const target = pino.destination({ dest: file, mode: 0o600, append: true, sync: true });
    // A full disk: what can't be written is not.
    target.on('error', () => {});
    const turnOver = (): void => {
      if (rotate(file)) target.reopen();
    };
    return toLog(pino({ base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, target), { target, turnOver });
  } catch {
    return silentLog;
  }
}

/** For the owner alone, also where somebody opened it to others. What it is; undefined where nothing is there. */
function makePrivate(place: string, mode: number): fs.Stats | undefined {
  const stats = fs.statSync(place, { throwIfNoEntry: false });
  const isOpen = stats !== undefined && (stats.isFile() || stats.isDirectory()) && (stats.mode & 0o077) !== 0;
  if (isOpen && process.platform !== 'win32') fs.chmodSync(place, mode);
  return stats;
}

const silentLog: Log = { info: () => {}, failure: () => {}, close: () => {} };

/** Whether the file was full, and is another one now. */
function rotate(file: string): boolean {
  const found = fs.lstatSync(file, { throwIfNoEntry: false });
  if (found === undefined || found.size <= fileMaxBytes) return false;
  fs.renameSync(file, `${file}.1`);
  return true;
}

function toLog(logger: pino.Logger, { target, turnOver }: { readonly target: { end(): void }; readonly turnOver: () => void }): Log {
  let lines = 0;
  const count = (): void => {
    lines += 1;
    if (lines % linesBetweenLooks !== 0) return;
    try {
      turnOver();
    } catch {
      // The log goes on where it is.
    }
  };
  return {
    info: (event, fields = {}) => {
      logger.info({ event, ...fields });
      count();
    },
    failure: (event, error) => {
      logger.error({ event, ...describe(error) });
      count();
    },
    close: () => {
      target.end();
    },
  };
}

interface FailureFields {
  readonly code: string;
  readonly frames: readonly string[];
  readonly cause?: FailureFields;
}

function describe(error: unknown, depth = 0): FailureFields {
  if (!(error instanceof Error)) return { code: typeof error, frames: [] };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  const frames = (error.stack ?? '').split('\n').flatMap((line) => (line.startsWith('    at ') ? [line.trim()] : []));
  return { code, frames, ...(error.cause === undefined || depth > 3 ? {} : { cause: describe(error.cause, depth + 1) }) };
}
