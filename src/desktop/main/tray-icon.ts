/** The icon in the tray and its menu, kept as everything stands. */
import path from 'node:path';
import { Menu, nativeImage, Tray, type MenuItemConstructorOptions } from 'electron';
import { trayMenu, type MenuAct, type MenuRow, type MenuSource } from './tray-menu.ts';
import type { TrayIcon } from './tray-state.ts';
import { trayTip } from './tray-tip.ts';

export class TrayFace {
  readonly #tray: Tray;
  readonly #iconsDir: string;
  readonly #perform: (act: MenuAct) => void;
  #shown = '';

  /** Throws where the system has no place for it. */
  constructor(iconsDir: string, perform: (act: MenuAct) => void) {
    this.#iconsDir = iconsDir;
    this.#perform = perform;
    this.#tray = new Tray(this.#image('offline'));
    this.#tray.on('click', () => perform({ do: 'show' }));
  }

  show(source: MenuSource): void {
    const { icon, words } = trayTip(source.vaults, source.say);
    const rows = trayMenu(source);
    const shown = JSON.stringify([icon, words, rows]);
    // A menu that is built anew closes under the pointer.
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#tray.setImage(this.#image(icon));
    this.#tray.setToolTip(words);
    this.#tray.setContextMenu(Menu.buildFromTemplate(rows.map((row) => this.#item(row))));
  }

  close(): void {
    this.#tray.destroy();
  }

  #item(row: MenuRow): MenuItemConstructorOptions {
    switch (row.is) {
      case 'line':
        return { type: 'separator' };
      case 'text':
        return { label: row.label, enabled: false };
      case 'act':
        return { label: row.label, click: () => this.#perform(row.act) };
      case 'menu':
        return { label: row.label, submenu: row.rows.map((each) => this.#item(each)) };
    }
  }

  #image(icon: TrayIcon): Electron.NativeImage {
    return nativeImage.createFromPath(path.join(this.#iconsDir, `tray-${icon}.png`));
  }
}
