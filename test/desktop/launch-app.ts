/** The built app in a home of its own, driven as a person would. */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { vi } from 'vitest';
import { findElectron } from '../../.scripts/electron-runtime.mjs';
import { openScreen, type OwnScreen } from './own-screen.ts';
import { playwrightLoader } from './playwright-loader.ts';
import { TrayHost } from './tray-host.ts';
import { whatIsLeft } from './what-is-left.ts';
import { stepMaxMs, within } from './within.ts';

const root = path.resolve(import.meta.dirname, '../..');
/** Playwright's own limit is that of a whole test: one that hangs there would say nothing. */
const launchMaxMs = 60_000;

export interface LaunchedApp {
  readonly app: ElectronApplication;
  /** Throws while there is none. */
  readonly tray: TrayHost;
  /** How long it took until its icon was there. */
  readonly startMs: Promise<number>;
  readonly home: string;
  readonly profile: string;
  /** Whoever shows icons comes, or ends and begins anew. */
  opensTray(): Promise<TrayHost>;
  /** The window of this kind; waits until it is there. */
  window(name: string): Promise<Page>;
  close(): Promise<void>;
}

export interface LaunchOptions {
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** One that an earlier start left. */
  readonly home?: string;
  /** Whether somebody shows icons when it starts; so where left out. */
  readonly hasTray?: boolean;
}

export async function launchApp({ args = [], env = {}, home: given, hasTray = true }: LaunchOptions = {}): Promise<LaunchedApp> {
  const { program: electron } = await findElectron();
  const home = given ?? (await fs.mkdtemp(path.join(os.tmpdir(), 'cachette-desktop-')));
  const screen = await within('a screen', openScreen());
  const openTray = (): Promise<TrayHost> => within('a tray', TrayHost.open(screen.busAddress));
  let tray = hasTray ? await openTray() : undefined;
  const beganMs = performance.now();
  const startMs = (tray?.shown() ?? new Promise<void>(() => {})).then(() => performance.now() - beganMs);
  const app = await _electron
    .launch({
      executablePath: electron,
      args: ['-r', playwrightLoader, root, '--disable-gpu', ...args],
      env: textsOf({ ...surroundings(screen, home), ...env }),
      timeout: launchMaxMs,
    })
    .catch(async (error: unknown) => {
      tray?.close();
      await screen.close();
      throw error;
    });
  const program = app.process();
  return {
    app,
    startMs,
    get tray() {
      if (tray === undefined) throw new Error('nobody shows icons');
      return tray;
    },
    opensTray: async () => {
      tray?.close();
      tray = await openTray();
      return tray;
    },
    home,
    profile: path.join(home, 'profile'),
    window: (name) => findWindow(app, name),
    close: async () => {
      try {
        await within('quitting the app', app.close());
      } catch (error) {
        throw new Error(whatIsLeft(program.pid ?? 0), { cause: error });
      } finally {
        // One that hangs is not left behind; one that is gone does not mind.
        program.kill('SIGKILL');
        tray?.close();
        await screen.close();
      }
      if (given === undefined) await fs.rm(home, { recursive: true, force: true });
    },
  };
}

function surroundings(screen: OwnScreen, home: string): NodeJS.ProcessEnv {
  return {
    ...screen.env,
    HOME: home,
    XDG_CONFIG_HOME: path.join(home, 'config'),
    XDG_DATA_HOME: path.join(home, 'data'),
    XDG_RUNTIME_DIR: '',
    CACHETTE_PROFILE: path.join(home, 'profile'),
    CACHETTE_NODE: process.execPath,
    LANG: 'en_GB.UTF-8',
  };
}

function textsOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Looked for again and again: a window that was just made has no address yet, and no event says that it has one now. */
function findWindow(app: ElectronApplication, name: string): Promise<Page> {
  return vi.waitFor(
    () => {
      const found = app.windows().find((page) => page.url().includes(`window=${name}`));
      if (found === undefined) throw new Error(`no window "${name}" was opened`);
      return found;
    },
    { timeout: stepMaxMs, interval: 50 },
  );
}
