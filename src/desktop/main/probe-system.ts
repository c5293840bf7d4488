/** What the system tells of network, battery and tray, asked of its own tools; undefined where it tells nothing. */
import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { powerMonitor } from 'electron';
import type { Surroundings } from './quiet-reason.ts';

const run = promisify(execFile);
const askMaxMs = 2000;
const suppliesDir = '/sys/class/power_supply';

export async function probeSystem(nowMs: number): Promise<Surroundings> {
  const [isMetered, batteryPercent] = await Promise.all([readMetered(), readBattery()]);
  return { hour: new Date(nowMs).getHours(), isMetered, batteryPercent, isOnMains: !powerMonitor.isOnBatteryPower() };
}

/** Whoever shows icons in a tray, by a name that no other one has had; undefined: nobody. Systems other than Linux always have one. */
export async function findTray(): Promise<string | undefined> {
  if (process.platform !== 'linux') return process.platform;
  const said = await askBus([
    '--session',
    'org.kde.StatusNotifierWatcher',
    '/StatusNotifierWatcher',
    'org.freedesktop.DBus.Properties.Get',
    'string:org.kde.StatusNotifierWatcher',
    // Who keeps the list may be there before anybody shows what is in it.
    'string:IsStatusNotifierHostRegistered',
  ]);
  return said?.includes('boolean true') === true ? /\bsender=(\S+)/.exec(said)?.[1] : undefined;
}

/** NetworkManager's word for it: 1 and 3 are yes and probably yes. */
async function readMetered(): Promise<boolean | undefined> {
  if (process.platform !== 'linux') return undefined;
  const said = await askBus([
    '--system',
    'org.freedesktop.NetworkManager',
    '/org/freedesktop/NetworkManager',
    'org.freedesktop.DBus.Properties.Get',
    'string:org.freedesktop.NetworkManager',
    'string:Metered',
  ]);
  const value = /uint32 (\d)/.exec(said ?? '')?.[1];
  return value === undefined || value === '0' ? undefined : value === '1' || value === '3';
}

async function askBus([bus, name, at, ...rest]: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout } = await run('dbus-send', [bus ?? '', '--print-reply', `--dest=${name ?? ''}`, at ?? '', ...rest], {
      timeout: askMaxMs,
    });
    return stdout;
  } catch {
    return undefined;
  }
}

/** The emptiest battery of the machine, in percent. Electron tells only whether one is in use. */
async function readBattery(): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  try {
    const supplies = await fs.readdir(suppliesDir);
    const charges = await Promise.all(supplies.map(readCharge));
    const known = charges.filter((charge) => charge !== undefined);
    return known.length === 0 ? undefined : Math.min(...known);
  } catch {
    return undefined;
  }
}

async function readCharge(supply: string): Promise<number | undefined> {
  const read = (name: string): Promise<string> => fs.readFile(path.join(suppliesDir, supply, name), 'latin1').catch(() => '');
  // A mouse has a battery, too: it says "Device".
  const [type, scope, capacity] = await Promise.all([read('type'), read('scope'), read('capacity')]);
  const percent = Number.parseInt(capacity, 10);
  return type.trim() === 'Battery' && scope.trim() !== 'Device' && percent >= 0 && percent <= 100 ? percent : undefined;
}
