/** A computer with the app, and a person at it. */
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { launchApp, type LaunchedApp, type LaunchOptions } from './launch-app.ts';
import { stepMaxMs, within } from './within.ts';

/** `folder`: the usual one where left out. */
interface ChosenPlaces {
  readonly way: 'A new vault' | 'Join a vault';
  readonly store: string;
  readonly folder?: string;
}

export class Computer {
  readonly launched: LaunchedApp;

  private constructor(launched: LaunchedApp) {
    this.launched = launched;
  }

  static async start(options?: LaunchOptions): Promise<Computer> {
    return new Computer(await launchApp(options));
  }

  /** The synced folder. */
  get folder(): string {
    return path.join(this.launched.home, 'Cachette');
  }

  at(...names: readonly string[]): string {
    return path.join(this.folder, ...names);
  }

  async window(name: string): Promise<Page> {
    const page = await this.launched.window(name);
    page.setDefaultTimeout(stepMaxMs);
    return page;
  }

  /** The next dialog of the system gives this folder, which is made. */
  async choosesNext(dir: string): Promise<void> {
    fs.mkdirSync(dir, { recursive: true });
    const prepared = this.launched.app.evaluate(({ dialog }, picked) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [picked] });
    }, dir);
    await within('preparing the next dialog', prepared);
  }

  async opensSetUp(): Promise<Page> {
    await this.expectToSay('Not set up yet');
    await this.launched.tray.click('Set up…');
    return this.window('set-up');
  }

  /** From the first page of the wizard to the one about keys. */
  async choosesPlaces(page: Page, { way, store, folder = this.folder }: ChosenPlaces): Promise<void> {
    await page.getByText(way).click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('Folder', { exact: true }).click();
    await this.choosesNext(store);
    await page.getByRole('button', { name: 'Choose…' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('Which folder do you want to keep in sync?').waitFor();
    await this.choosesNext(folder);
    await page.getByRole('button', { name: 'Choose another…' }).click();
    await page.getByText(folder, { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
  }

  /** Makes a vault that its recovery key opens; the key. */
  async makesVault(store: string): Promise<string> {
    return this.makesVaultIn(await this.opensSetUp(), { store });
  }

  /** In a wizard that is open. */
  async makesVaultIn(page: Page, places: Omit<ChosenPlaces, 'way'>): Promise<string> {
    await this.choosesPlaces(page, { way: 'A new vault', ...places });
    await page.getByText('The recovery key alone').click();
    await page.getByRole('button', { name: 'Make the vault' }).click();
    const key = await page.locator('.big-code').innerText();
    for (const entry of await page.getByLabel(/^Group \d$/).all()) {
      const label = await entry.evaluate((input: HTMLInputElement) => input.labels?.[0]?.textContent ?? '');
      await entry.fill(key.split('-')[Number(label.replace('Group ', '')) - 1] ?? '');
    }
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('All set').waitFor();
    return key;
  }

  async joins(store: string, recoveryKey: string): Promise<void> {
    const page = await this.opensSetUp();
    await this.choosesPlaces(page, { way: 'Join a vault', store });
    await page.getByText('Recovery key', { exact: true }).first().click();
    await page.getByRole('textbox').last().fill(recoveryKey);
    await page.getByRole('button', { name: 'Join', exact: true }).click();
    await page.getByText('All set').waitFor();
  }

  /** A click that closes the window; the page may be gone before it is answered. */
  async leavesBy(page: Page, button: string): Promise<void> {
    const gone = page.waitForEvent('close');
    await page
      .getByRole('button', { name: button })
      .click()
      .catch((error: unknown) => {
        if (!page.isClosed()) throw error;
      });
    await gone;
  }

  /** What the tray says. */
  async expectToSay(words: string): Promise<void> {
    await expect.poll(() => this.launched.tray.toolTip(), { timeout: stepMaxMs, interval: 100 }).toBe(`Cachette: ${words}`);
  }

  /** The file has come. */
  async expectFile(name: string, content: string): Promise<void> {
    await expect.poll(() => readOr(this.at(name)), { timeout: stepMaxMs, interval: 100 }).toBe(content);
  }

  async pauses(): Promise<void> {
    await this.launched.tray.click('Pause');
    await this.expectToSay('Paused');
  }

  /** Until everything is as it should be. */
  async resumes(): Promise<void> {
    await this.goesOn();
    await this.expectToSay('Up to date');
  }

  async goesOn(): Promise<void> {
    await this.launched.tray.click('Resume');
  }

  /** What is in the files whose names begin so, in order. */
  contentsOf(beginning: string): string[] {
    return fs
      .readdirSync(this.folder)
      .filter((name) => name.startsWith(beginning))
      .map((name) => fs.readFileSync(this.at(name), 'utf8'))
      .toSorted();
  }

  async close(): Promise<void> {
    await this.launched.close();
  }
}

function readOr(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
