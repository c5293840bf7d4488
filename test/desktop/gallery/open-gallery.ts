import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { findElectron } from '../../../.scripts/electron-runtime.mjs';
import type { Preferences } from '../../../src/control/acts/shell-acts.ts';
import { shellActs, type ShellAct } from '../../../src/control/acts/shell-acts.ts';
import { windowActs, type WindowAct } from '../../../src/control/acts/window-acts.ts';
import { openScreen, type OwnScreen } from '../own-screen.ts';
import { playwrightLoader } from '../playwright-loader.ts';
import { stepMaxMs } from '../within.ts';
import type { AgentAnswers, Scene, ShellAnswers, Step } from './scene.ts';
import { usualAgent } from './usual-agent.ts';
import { usualPreferences, usualShell } from './usual-shell.ts';

export interface Look {
  readonly theme?: Preferences['theme'];
  readonly language?: 'en' | 'fr';
  readonly textSize?: Preferences['textSize'];
  /** As the system says: more of it, or its own few colours in place of ours. */
  readonly contrast?: 'usual' | 'more' | 'forced';
}

/** The bridge, made of functions that the test gives to the page. */
const bridge = `
  (() => {
    const listeners = new Set();
    window.galleryTell = (event) => listeners.forEach((hear) => hear(event));
    window.cachette = {
      ask: (act, asked) => window.galleryAsk('agent', act, asked),
      askShell: (act, asked) => window.galleryAsk('shell', act, asked),
      listen: (hear) => { listeners.add(hear); return () => listeners.delete(hear); },
    };
    document.addEventListener('securitypolicyviolation', (event) => console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample));
  })();
`;

/** Shows scenes in a real window, one after the other. */
export class Gallery {
  readonly page: Page;
  readonly #app: ElectronApplication;
  readonly #screen: OwnScreen;
  #scene: Scene | undefined;
  #look: Look = {};
  /** What went wrong in the page, or was asked or answered against the contract. */
  readonly faults: string[] = [];
  /** What was asked, in order. */
  readonly asked: { readonly act: string; readonly asked: unknown }[] = [];

  private constructor(screen: OwnScreen, app: ElectronApplication, page: Page) {
    this.#screen = screen;
    this.#app = app;
    this.page = page;
  }

  /** In the runtime that the app has here, on a screen of its own. */
  static async open(): Promise<Gallery> {
    const { program } = await findElectron();
    const screen = await openScreen();
    const app = await _electron.launch({
      executablePath: program,
      args: ['-r', playwrightLoader, `${import.meta.dirname}/app`, '--disable-gpu', '--no-sandbox'],
      env: { ...(screen.env as Record<string, string>), ELECTRON_DISABLE_SECURITY_WARNINGS: '1' },
    });
    const page = await app.firstWindow();
    const gallery = new Gallery(screen, app, page);
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') gallery.faults.push(`${gallery.#scene?.name}: ${message.text()}`);
    });
    page.on('pageerror', (error) => gallery.faults.push(`${gallery.#scene?.name}: ${error.message}`));
    await page.exposeFunction('galleryAsk', (side: 'agent' | 'shell', act: string, asked: unknown) => gallery.#answer(side, act, asked));
    await page.addInitScript(bridge);
    page.setDefaultTimeout(stepMaxMs);
    return gallery;
  }

  async show(scene: Scene, look: Look = {}): Promise<void> {
    this.#scene = scene;
    this.#look = look;
    this.asked.length = 0;
    // What the scene before had under the pointer is none of this one's.
    await this.page.mouse.move(0, 0);
    const [width, height] = scene.size;
    await this.page.setViewportSize({ width, height });
    await this.#emulate(look);
    const query = new URLSearchParams({ window: scene.window });
    if (scene.page !== undefined) query.set('page', scene.page);
    if (scene.path !== undefined) query.set('path', scene.path);
    await this.page.goto(`app://ui/index.html?${query.toString()}`);
    await this.page.locator('#window > :not(template)').first().waitFor();
    for (const event of scene.tells ?? []) await this.tell(event);
    for (const step of look.language === 'fr' ? [] : (scene.steps ?? [])) await this.#play(step);
    await this.settle();
  }

  /** Looks at the same scene in another way, as after a change in the settings. */
  async change(look: Look): Promise<void> {
    this.#look = { ...this.#look, ...look };
    await this.#emulate(this.#look);
    await this.tell({ event: 'preferences' });
  }

  async tell(event: { readonly event: string; readonly code?: string; readonly page?: string; readonly path?: string }): Promise<void> {
    await this.page.evaluate(`window.galleryTell(${JSON.stringify(event)})`);
    await this.settle();
  }

  /** Until what was asked is answered and drawn, however long that is on its way: nothing is asked while the last of it is drawn. */
  async settle(): Promise<void> {
    for (let asked = -1; asked !== this.asked.length;) {
      asked = this.asked.length;
      await this.page.evaluate(
        `new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(() => resolve()), 30)))`,
      );
    }
  }

  async close(): Promise<void> {
    this.#scene = undefined;
    await this.#app.close();
    await this.#screen.close();
  }

  async #emulate({ theme, contrast }: Look): Promise<void> {
    await this.page.emulateMedia({
      colorScheme: theme === 'dark' ? 'dark' : 'light',
      contrast: contrast === 'more' ? 'more' : null,
      forcedColors: contrast === 'forced' ? 'active' : null,
      reducedMotion: 'reduce',
    });
  }

  async #play(step: Step): Promise<void> {
    const role = 'press' in step ? (step.role ?? 'button') : 'button';
    if ('press' in step)
      await this.page
        .getByRole(role, { name: step.press, exact: step.isExact ?? false })
        .first()
        .click({ force: role === 'radio' || role === 'checkbox' || role === 'switch' });
    else if ('fill' in step) await this.page.getByLabel(step.fill, { exact: true }).first().fill(step.with);
    else if ('hear' in step) await this.tell(step.hear);
    else if ('keys' in step) for (const key of step.keys) await this.page.keyboard.press(key);
    else await this.page.getByText(step.see).first().waitFor();
    await this.settle();
  }

  async #answer(side: 'agent' | 'shell', act: string, asked: unknown): Promise<unknown> {
    this.asked.push({ act, asked });
    const shapes = side === 'agent' ? windowActs[act as WindowAct] : shellActs[act as ShellAct];
    const answers = (side === 'agent' ? { ...usualAgent, ...this.#scene?.agent } : this.#shell()) as AgentAnswers & ShellAnswers;
    const answer = answers[act as WindowAct] as (asked: unknown) => { readonly ok: boolean; readonly answer?: unknown } | 'never';
    try {
      const told = answer(shapes.ask.parse(asked));
      if (told === 'never') return await new Promise<never>(() => {});
      if (told.ok) shapes.answer.parse(told.answer);
      return told;
    } catch (error) {
      this.faults.push(`${this.#scene?.name}: ${act}: ${String(error)}`);
      throw error;
    }
  }

  #shell(): ShellAnswers {
    const { theme = 'light', language = 'en', textSize = 100 } = this.#look;
    const preferences = { ...usualPreferences, ...this.#scene?.preferences, theme, language, textSize };
    const told = this.#scene?.shell;
    return {
      ...usualShell,
      'read-preferences': () => ({ ok: true, answer: preferences }),
      ...(typeof told === 'function' ? told(language) : told),
    };
  }
}
