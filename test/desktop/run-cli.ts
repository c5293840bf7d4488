import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

/** Runs a command beside the app, with a profile in the same home. Throws where it fails. */
export async function runCli(home: string, profile: string, ...args: readonly string[]): Promise<void> {
  const env = { ...process.env, HOME: home, DBUS_SESSION_BUS_ADDRESS: '' };
  await promisify(execFile)(process.execPath, ['dist/cli.js', '--profile', path.join(home, profile), ...args], { env });
}
