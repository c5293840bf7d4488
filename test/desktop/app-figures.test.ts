/** What the app costs a person who does nothing with it. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished, test } from 'vitest';
import { Computer } from './computer.ts';
import { runCli } from './run-cli.ts';
import { withoutDesktop } from './without-desktop.ts';
import { checkFigure } from '../acceptance/check-figure.ts';
import { proportionalBytes } from './proportional-bytes.ts';
import { scale, testTimeoutMs } from '../acceptance/scale.ts';
import { writeSmallFiles } from '../acceptance/write-files.ts';

const memoryMaxBytes = 350_000_000;
const startMaxSeconds = 3;
/** Until what a start leaves behind has been cleared away. */
const restMs = 20_000;

test.skipIf(withoutDesktop() || process.platform !== 'linux')(
  'the app and its agent, at rest in the tray',
  { timeout: testTimeoutMs },
  async (context) => {
    const { idleFiles, isTimed } = scale;
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-idle-'));
    // As many files are not gone in the time that is enough for others' hooks.
    onTestFinished(() => fs.rmSync(home, { recursive: true, force: true }), testTimeoutMs);
    writeSmallFiles(path.join(home, 'Cachette'), idleFiles, 1);
    const link = ['--store', `file://${path.join(home, 'store')}`, '--folder', path.join(home, 'Cachette'), '--key-storage', 'file'];
    await runCli(home, 'profile', 'init', ...link, '--no-passphrase');
    await runCli(home, 'profile', 'sync');

    const desk = await Computer.start({ home, args: ['--hidden'] });
    onTestFinished(() => desk.close());
    const seconds = (await desk.launched.startMs) / 1000;
    if (isTimed) checkFigure(context, { what: 'from the start to the tray', measured: seconds, limit: startMaxSeconds, unit: 's' });
    await desk.expectToSay('Up to date');
    if (isTimed) await sleep(restMs);
    const measured = proportionalBytes(desk.launched.app.process().pid ?? 0);
    checkFigure(context, { what: `memory: the app and its agent, with ${idleFiles} files`, measured, limit: memoryMaxBytes, unit: 'MB' });
  },
);
