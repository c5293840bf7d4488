/** Desktops where nobody shows icons, or not yet, or not any more. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { launchApp, type LaunchedApp } from './launch-app.ts';
import { within } from './within.ts';
import { withoutDesktop } from './without-desktop.ts';

/** Started at login. */
async function startsHidden(): Promise<LaunchedApp> {
  const launched = await launchApp({ args: ['--hidden'], hasTray: false });
  onTestFinished(() => launched.close());
  return launched;
}

describe.skipIf(withoutDesktop() || process.platform !== 'linux')('a desktop', () => {
  test('whose panel starts after the app gets its icon, without a window; and again when the panel starts anew', async () => {
    const launched = await startsHidden();
    // The icon of an app that asked once, at its start, would never come.
    await sleep(3000);
    const panel = await launched.opensTray();
    await within('the icon', panel.shown());
    await expect.poll(() => launched.tray.toolTip()).toBe('Cachette: Not set up yet');
    const another = await launched.opensTray();
    await within('the icon in the new panel', another.shown(), 60_000);
    await expect.poll(() => launched.tray.toolTip()).toBe('Cachette: Not set up yet');
    expect(launched.app.windows()).toEqual([]);
  });

  test('that has no tray at all shows the window', async () => {
    const launched = await startsHidden();
    const page = await launched.window('status');
    await expect.poll(() => page.getByRole('heading').allInnerTexts()).toEqual(['Welcome to Cachette']);
  });
});
