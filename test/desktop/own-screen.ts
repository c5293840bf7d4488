/** A screen and a session bus of a test's own: nothing opens on anybody's desk, and tests don't see each other. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface OwnScreen {
  /** For whatever is to use them. */
  readonly env: NodeJS.ProcessEnv;
  readonly busAddress: string;
  close(): Promise<void>;
}

export async function openScreen(): Promise<OwnScreen> {
  const screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const bus = spawn('dbus-daemon', ['--session', '--nofork', '--nopidfile', '--print-address'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [display, busAddress] = await Promise.all([firstLine(screen, screen.stdio[3] as Readable), firstLine(bus, bus.stdout)]);
  const { WAYLAND_DISPLAY: _wayland, ...env } = process.env;
  return {
    env: { ...env, DISPLAY: `:${display}`, DBUS_SESSION_BUS_ADDRESS: busAddress },
    busAddress,
    close: async () => {
      await Promise.all([bus, screen].map(end));
    },
  };
}

async function firstLine(child: ChildProcess, output: Readable): Promise<string> {
  const lines = createInterface({ input: output });
  const failed = once(child, 'exit').then(() => {
    throw new Error(`${child.spawnfile} ended at once`);
  });
  const [line] = (await Promise.race([once(lines, 'line'), failed])) as [string];
  failed.catch(() => {});
  return line;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill();
  await gone;
}
