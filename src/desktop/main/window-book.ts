/** Our windows: one of a kind, closed in by everything that Electron offers, remembered by their places. */
import { BrowserWindow, nativeTheme, screen, type WebContents } from 'electron';
import type { WindowEvent } from '../../control/acts/window-bridge.ts';
import type { WindowName } from '../../control/acts/shell-acts.ts';
import { isOurPage, uiOrigin } from './app-files.ts';
import { StateFile } from './state-file.ts';
import { isSeen, placesSchema, windowSizes, type Place } from './window-place.ts';

/** What a window shows: beside its kind, a page of the settings or a path of the history. */
export interface Showing {
  readonly window: WindowName;
  readonly page?: string | undefined;
  readonly path?: string | undefined;
}

export interface WindowBookOptions {
  readonly preload: string;
  readonly icon: string;
  readonly placesFile: string;
  readonly titleOf: (name: WindowName) => string;
}

export class WindowBook {
  readonly #options: WindowBookOptions;
  readonly #open = new Map<WindowName, BrowserWindow>();
  readonly #places: StateFile<Record<string, Place>>;

  constructor(options: WindowBookOptions) {
    this.#options = options;
    this.#places = new StateFile(options.placesFile, placesSchema);
  }

  /** Opens it, or brings it to the front. */
  show(showing: Showing): void {
    const { window: name, page, path: at } = showing;
    const there = this.#open.get(name);
    if (there === undefined) {
      this.#make(showing);
      return;
    }
    if (there.isMinimized()) there.restore();
    there.show();
    there.focus();
    if (page !== undefined || at !== undefined)
      send(there.webContents, { event: 'show', ...(page === undefined ? {} : { page }), ...(at === undefined ? {} : { path: at }) });
  }

  /** Tells every window. */
  tell(event: WindowEvent): void {
    for (const window of this.#open.values()) send(window.webContents, event);
  }

  /** The window that a page is in; undefined for what is none of ours. */
  find(contents: WebContents): BrowserWindow | undefined {
    return [...this.#open.values()].find((window) => window.webContents === contents);
  }

  /** For good, also where its page would rather ask first. */
  close(window: BrowserWindow): void {
    for (const [name, each] of this.#open) if (each === window) this.#keepPlace(name, each);
    window.destroy();
  }

  closeAll(): void {
    for (const window of this.#open.values()) this.close(window);
  }

  isOpen(name: WindowName): boolean {
    return this.#open.has(name);
  }

  #make(showing: Showing): void {
    const { window: name } = showing;
    const { width, height, least } = windowSizes[name];
    const window = new BrowserWindow({
      width,
      height,
      ...this.#placeOf(name),
      minWidth: least[0],
      minHeight: least[1],
      title: this.#options.titleOf(name),
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
    this.#open.set(name, window);
    closeIn(window.webContents);
    window.once('ready-to-show', () => window.show());
    // The page's own title would show names of files in it.
    window.on('page-title-updated', (event) => event.preventDefault());
    window.on('close', () => this.#keepPlace(name, window));
    window.once('closed', () => this.#open.delete(name));
    void window.loadURL(addressOf(showing));
  }

  #placeOf(name: WindowName): Partial<Place> {
    const place = this.#places.read()?.[name];
    const screens = screen.getAllDisplays().map(({ workArea }) => workArea);
    return place !== undefined && isSeen(place, screens) ? place : {};
  }

  #keepPlace(name: WindowName, window: BrowserWindow): void {
    this.#places.write({ ...this.#places.read(), [name]: window.getNormalBounds() });
  }
}

function addressOf({ window, page, path: at }: Showing): string {
  const query = new URLSearchParams({ window });
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
