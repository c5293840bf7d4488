/** Our windows: one of a kind for each vault, closed in by everything that Electron offers, remembered by their places. */
import { BrowserWindow, nativeTheme, screen, type WebContents } from 'electron';
import type { WindowEvent } from '../../control/acts/window-bridge.ts';
import type { WindowName } from '../../control/acts/shell-acts.ts';
import type { TextSize } from '../../control/acts/text-sizes.ts';
import { isOurPage, uiOrigin } from './app-files.ts';
import { StateFile } from './state-file.ts';
import { isSeen, placeAfter, placesSchema, sizeFor, type KeptPlace, type Place } from './window-place.ts';

/** What a window shows: beside its kind and its vault, a page of the settings or a path of the history. */
export interface Showing {
  readonly vault: number;
  readonly window: WindowName;
  readonly page?: string | undefined;
  readonly path?: string | undefined;
}

export interface WindowBookOptions {
  readonly preload: string;
  readonly icon: string;
  readonly placesFile: string;
  readonly textSize: TextSize;
  readonly titleOf: (name: WindowName, vault: number) => string;
  readonly onFocus: (vault: number) => void;
  readonly onClosed: (name: WindowName, vault: number) => void;
}

interface OpenWindow {
  readonly name: WindowName;
  readonly window: BrowserWindow;
  vault: number;
}

export class WindowBook {
  readonly #options: WindowBookOptions;
  readonly #open = new Set<OpenWindow>();
  readonly #places: StateFile<Record<string, KeptPlace>>;
  #textSize: TextSize;
  #isOver = false;

  constructor(options: WindowBookOptions) {
    this.#options = options;
    this.#textSize = options.textSize;
    this.#places = new StateFile(options.placesFile, placesSchema);
  }

  /** Opens it, or brings it to the front. */
  show(showing: Showing): void {
    const { page, path: at } = showing;
    const there = this.#find(showing);
    if (there === undefined) {
      if (!this.#isOver) this.#make(showing);
      return;
    }
    const { window } = there;
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
    if (page !== undefined || at !== undefined)
      send(window.webContents, { event: 'show', ...(page === undefined ? {} : { page }), ...(at === undefined ? {} : { path: at }) });
  }

  /** Has a window show another vault in the same place; where that one is open already, it is brought to the front. */
  turn(window: BrowserWindow, vault: number, page?: string): void {
    const turned = [...this.#open].find((each) => each.window === window);
    if (turned === undefined || turned.vault === vault) return;
    const showing = { window: turned.name, vault, page };
    if (this.#find(showing) !== undefined) {
      this.show(showing);
      return;
    }
    turned.vault = vault;
    window.setTitle(this.#options.titleOf(turned.name, vault));
    this.#options.onFocus(vault);
    void window.loadURL(addressOf(showing));
  }

  /** Tells every window, or every one of a vault. */
  tell(event: WindowEvent, vault?: number): void {
    for (const each of this.#open) if (vault === undefined || each.vault === vault) send(each.window.webContents, event);
  }

  /** After what titles are made of has changed. */
  retitle(): void {
    for (const { name, vault, window } of this.#open) window.setTitle(this.#options.titleOf(name, vault));
  }

  /** Windows take the room that text of that size needs; those that are closed, when they open. */
  fitText(textSize: TextSize): void {
    const text = { was: this.#textSize, is: textSize };
    if (text.was === text.is) return;
    this.#textSize = textSize;
    for (const { name, window } of this.#open) {
      const place = window.getNormalBounds();
      const { workArea } = screen.getDisplayMatching(place);
      const { least } = sizeFor(name, textSize, workArea);
      window.setMinimumSize(least.width, least.height);
      // One that fills its screen goes on filling it.
      if (!window.isMaximized() && !window.isFullScreen()) window.setBounds(placeAfter(name, place, text, workArea));
    }
  }

  /** The window that a page is in; undefined for what is none of ours. */
  find(contents: WebContents): BrowserWindow | undefined {
    return [...this.#open].find(({ window }) => window.webContents === contents)?.window;
  }

  /** For good, also where its page would rather ask first. */
  close(window: BrowserWindow): void {
    for (const each of this.#open) if (each.window === window) this.#keepPlace(each);
    window.destroy();
  }

  /** None is opened after that: the app ends. */
  closeAll(): void {
    this.#isOver = true;
    for (const { window } of this.#open) this.close(window);
  }

  /** A vault is gone: what shows others as well goes on with `other`, the rest is closed. */
  leave(vault: number, other: number | undefined): void {
    for (const each of [...this.#open].filter((open) => open.vault === vault)) {
      const goesOn = other !== undefined && (each.name === 'settings' || each.name === 'status');
      if (goesOn) this.turn(each.window, other);
      if (each.vault === vault) this.close(each.window);
    }
  }

  #find({ window: name, vault }: Showing): OpenWindow | undefined {
    return [...this.#open].find((each) => each.name === name && each.vault === vault);
  }

  #make(showing: Showing): void {
    const { window: name, vault } = showing;
    const place = this.#placeOf(name, vault);
    const { workArea } = place === undefined ? screen.getPrimaryDisplay() : screen.getDisplayMatching(place);
    const { width, height, least } = sizeFor(name, this.#textSize, workArea);
    const window = new BrowserWindow({
      width,
      height,
      ...place,
      minWidth: least.width,
      minHeight: least.height,
      title: this.#options.titleOf(name, vault),
      icon: this.#options.icon,
      show: false,
      autoHideMenuBar: true,
      fullscreenable: name !== 'status',
      backgroundColor: nativeTheme.shouldUseDarkColors ? '#14171c' : '#ffffff',
      webPreferences: {
        preload: this.#options.preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        webviewTag: false,
        navigateOnDragDrop: false,
        spellcheck: false,
        enableWebSQL: false,
      },
    });
    const opened: OpenWindow = { name, vault, window };
    this.#open.add(opened);
    closeIn(window.webContents);
    window.once('ready-to-show', () => window.show());
    // The page's own title would show names of files in it.
    window.on('page-title-updated', (event) => event.preventDefault());
    window.on('focus', () => this.#options.onFocus(opened.vault));
    window.on('close', () => this.#keepPlace(opened));
    window.once('closed', () => {
      this.#open.delete(opened);
      this.#options.onClosed(opened.name, opened.vault);
    });
    void window.loadURL(addressOf(showing));
  }

  #placeOf(name: WindowName, vault: number): Place | undefined {
    const kept = this.#places.read()?.[placeKey(name, vault)];
    if (kept === undefined) return undefined;
    const { textSize = 100, ...place } = kept;
    const screens = screen.getAllDisplays().map(({ workArea }) => workArea);
    if (!isSeen(place, screens)) return undefined;
    return placeAfter(name, place, { was: textSize, is: this.#textSize }, screen.getDisplayMatching(place).workArea);
  }

  #keepPlace({ name, vault, window }: OpenWindow): void {
    const place = { ...window.getNormalBounds(), textSize: this.#textSize };
    this.#places.write({ ...this.#places.read(), [placeKey(name, vault)]: place });
  }
}

/** Two of a kind would lie on each other. */
function placeKey(name: WindowName, vault: number): string {
  return vault === 1 ? name : `${name}-${vault}`;
}

function addressOf({ window, vault, page, path: at }: Showing): string {
  const query = new URLSearchParams({ window, vault: String(vault) });
  if (page !== undefined) query.set('page', page);
  if (at !== undefined) query.set('path', at);
  return `${uiOrigin}/index.html?${query.toString()}`;
}

function send(contents: WebContents, event: WindowEvent): void {
  if (!contents.isDestroyed()) contents.send('event', event);
}

/** A page of ours stays what it is: it goes nowhere, opens nothing, and gets no rights of the system. */
function closeIn(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  const stay = (details: { readonly preventDefault: () => void }): void => details.preventDefault();
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  contents.session.setPermissionCheckHandler(() => false);
  contents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit' && isOurPage(contents.getURL())) contents.reload();
  });
}
