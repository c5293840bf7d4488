/** Every window in every state, in real windows of the runtime, with the app's own policy: what they show, ask and may not do. */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withoutDesktop } from '../without-desktop.ts';
import { allScenes } from './all-scenes.ts';
import { Gallery } from './open-gallery.ts';

const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A few of them each time, and every list of names that anybody may have given; every one of them with CACHETTE_GALLERY=all. */
const scenes =
  process.env['CACHETTE_GALLERY'] === 'all'
    ? allScenes
    : allScenes.filter(({ isTypical = false, isHostile = false }) => isTypical || isHostile);

interface AxeReport {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
  }[];
}

describe.skipIf(withoutDesktop())('the windows', () => {
  let gallery: Gallery;

  beforeAll(async () => {
    gallery = await Gallery.open();
  });
  afterAll(async () => {
    await gallery?.close();
  });

  /** What axe finds, one line each. */
  async function violations(rules?: readonly string[]): Promise<readonly string[]> {
    const options = rules === undefined ? {} : { runOnly: { type: 'rule', values: rules } };
    const report = (await gallery.page.evaluate(`axe.run(document, ${JSON.stringify(options)})`)) as AxeReport;
    return report.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`),
    );
  }

  /** Whether every text is there in French, and twice as large letters find room. */
  async function checkFrench(): Promise<void> {
    await gallery.change({ theme: 'dark', language: 'fr', textSize: 200 });
    const { text, language, width, room, tooWide } = await gallery.page.evaluate(() => ({
      text: document.body.textContent,
      language: document.documentElement.lang,
      width: document.documentElement.scrollWidth,
      room: document.documentElement.clientWidth,
      // What scrolls by itself hides it from the page.
      tooWide: [...document.querySelectorAll('main, nav')]
        .filter((part) => part.scrollWidth > part.clientWidth)
        .map((part) => part.className),
    }));
    expect(language).toBe('fr');
    // A text that is missing shows its key.
    expect(text).not.toMatch(/\b(?:words|title|time|status|set-up|settings|conflicts|history|recovery|failure|remedy)\.[a-z]/);
    expect(width).toBeLessThanOrEqual(room);
    expect(tooWide).toEqual([]);
  }

  /** Names are text and nothing else, and what would hide or turn something in them is seen. */
  async function checkNames(): Promise<void> {
    const { text, foreign } = await gallery.page.evaluate(() => ({
      text: document.body.textContent,
      foreign: document.querySelectorAll('img[src="x"], [onerror], body script:not([src])').length,
    }));
    expect(foreign).toBe(0);
    expect(text).toContain('<script>alert(1)<');
    expect(text).toContain('invoice[U+202E]fdp.exe');
    expect(text).not.toMatch(/[\u202a-\u202e]/);
  }

  /** For looking at; git ignores the folder. */
  async function picture(name: string): Promise<void> {
    await gallery.page.screenshot({ path: path.join('.tmp', 'gallery', `${name}.png`) });
  }

  /** Where the system asks for more contrast, and where it gives its own colours. */
  async function checkContrast(name: string): Promise<void> {
    for (const theme of ['light', 'dark'] as const) {
      await gallery.change({ theme, contrast: 'more' });
      await picture(`${name}-${theme}-contrast`);
      expect(await violations(['color-contrast-enhanced'])).toEqual([]);
    }
    await gallery.change({ theme: 'dark', contrast: 'forced' });
    await picture(`${name}-forced`);
    // What is drawn in no colour would be seen in the system's.
    const looksTicked = await gallery.page.evaluate(() =>
      [...document.querySelectorAll('.tick-box')]
        .filter((box) => !box.matches(':is(.tick[data-selected], .tick[data-indeterminate]) *, .is-on'))
        .filter((box) => [...box.children].some((mark) => getComputedStyle(mark).visibility === 'visible'))
        .map((box) => box.parentElement?.textContent),
    );
    expect(looksTicked).toEqual([]);
    await gallery.change({ contrast: 'usual' });
  }

  test.each(scenes.map((scene) => [scene.name, scene] as const))('%s', async (name, scene) => {
    gallery.faults.length = 0;
    await gallery.show(scene);
    await gallery.page.evaluate(axe);
    await picture(`${name}-light`);
    expect(await violations()).toEqual([]);
    await gallery.change({ theme: 'dark' });
    await picture(`${name}-dark`);
    expect(await violations(['color-contrast'])).toEqual([]);
    if (scene.isHostile === true) await checkNames();
    if (scene.isTypical === true) await checkContrast(name);
    await gallery.change({ theme: 'light', language: 'fr' });
    await picture(`${name}-french`);
    await checkFrench();
    await picture(`${name}-french-large`);
    expect(gallery.faults).toEqual([]);
  });
});
