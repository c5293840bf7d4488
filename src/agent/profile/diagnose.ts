/**
 * What helps somebody who mends Cachette, and nothing about the person: no names, paths, addresses, keys or times of files. What
 * goes in is chosen value by value; whatever is not known to be harmless stays out.
 */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { plainFrame } from '../../base/plain-frame.ts';
import packageJson from '../../../package.json' with { type: 'json' };
import type { AgentHost } from '../agent-host.ts';
import { listSettings, type ListedSetting } from './configure.ts';
import { logEvents, logFileName } from './log-file.ts';
import { lookInto } from '../folder/look-into.ts';
import { ProfileFolder } from './profile-folder.ts';
import { statusOf, type Status } from '../show/read-status.ts';

/** Of the newest log; older lines help less. */
const logMaxBytes = 256 * 1024;
const linesMax = 500;

/** What the caller knows of the agent itself. */
export interface AgentFacts {
  readonly profile: string;
  readonly code: string | undefined;
}

/** Lines of text. Never throws for what can't be read: that is told, too. */
export async function diagnose(host: AgentHost, { profile, code }: AgentFacts): Promise<string> {
  const about = [
    `cachette ${packageJson.version}, node ${process.version}, ${host.platform} ${process.arch}, ${os.availableParallelism()} cores`,
    `memory ${Math.round(process.memoryUsage.rss() / 1e6)} MB of ${Math.round(os.totalmem() / 1e6)} MB, up ${Math.round(process.uptime())} s`,
    `profile ${profile}${code === undefined ? '' : `, ${code}`}`,
  ];
  const status = await lookInto(host.profileDir, (look) => countsOf(statusOf(look))).catch(unreadable);
  const settings = await listSettings(host.profileDir).then((rows) => rows.map(settingLine), unreadable);
  const log = await readLogEnd(new ProfileFolder(host.profileDir).file('log')).catch(unreadable);
  return [...about, '', ...status, '', ...settings, '', ...log, ''].join('\n');
}

function unreadable(error: unknown): string[] {
  return [`not readable: ${codeOf(error)}`];
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^[A-Z_0-9]{1,40}$/.test(code) ? code : 'unknown';
}

function countsOf(status: Status): string[] {
  const { state, seq, pending, files, bytes, local, conflicts, problems, lastSync, devices } = status;
  return [
    `state ${state}, ${seq} entries, ${pending.upload} up and ${pending.download} down to do`,
    `vault ${files} files, ${bytes} bytes; here ${local.files} files, ${local.bytes} bytes; ${devices.length} devices`,
    `${conflicts} conflicts, ${problems} problems, last sync ${lastSync ?? 'never'}`,
  ];
}

/** Numbers are harmless; texts are addresses, paths and patterns. */
function settingLine({ key, value, isSet }: ListedSetting): string {
  if (typeof value === 'number') return `${key} ${value}`;
  return `${key} ${isSet ? 'set' : 'not set'}`;
}

/** From the end of the log, line by line: only what a line of ours may hold. */
async function readLogEnd(dir: string): Promise<string[]> {
  await using file = await fs.open(path.join(dir, logFileName));
  const { size } = await file.stat();
  const bytes = Buffer.alloc(Math.min(size, logMaxBytes));
  const { bytesRead } = await file.read(bytes, 0, bytes.length, size - bytes.length);
  const lines = bytes
    .subarray(0, bytesRead)
    .toString('utf8')
    .split('\n')
    .slice(-linesMax - 1);
  return lines.flatMap((line) => logLine(line) ?? []);
}

function logLine(line: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  return typeof value === 'object' && value !== null ? partsOf(value).join(' ') : undefined;
}

const events: ReadonlySet<unknown> = new Set(logEvents);
const times = /^\d{4}-\d\d-\d\dT[\d:.]{8,12}Z$/;
const codes = /^(?:E_[A-Z_]{1,40}|E[A-Z0-9]{2,20}|[A-Z][A-Za-z]{2,20}Error)$/;

/** Names of fields that the log has; numbers, flags and codes stand for themselves. */
function partsOf(record: object): string[] {
  return (Object.entries(record) as [string, unknown][]).flatMap(([key, value]) =>
    /^[a-zA-Z]{1,20}$/.test(key) && key !== 'pid' ? partOf(key, value) : [],
  );
}

function partOf(key: string, value: unknown): readonly string[] {
  if (typeof value === 'number' || typeof value === 'boolean') return [`${key}=${value}`];
  if (typeof value === 'string') return isHarmless(key, value) ? [key === 'event' ? `"${value}"` : value] : [];
  if (key === 'frames' && Array.isArray(value)) return value.map((text) => plainFrame(String(text)));
  return key === 'cause' && typeof value === 'object' && value !== null ? ['cause:', ...partsOf(value)] : [];
}

function isHarmless(key: string, text: string): boolean {
  if (key === 'time') return times.test(text);
  return key === 'code' ? codes.test(text) : key === 'event' && events.has(text);
}
