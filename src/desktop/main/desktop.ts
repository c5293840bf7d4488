/** The desktop app put together: agent, tray, windows, notifications, and what passes between them. */
import path from 'node:path';
import { app, nativeTheme, session } from 'electron';
import type { PreferenceChanges, Preferences } from '../../control/acts/shell-acts.ts';
import { agentEnv } from './agent-env.ts';
import { serveApp } from './app-protocol.ts';
import { hostBridge } from './bridge-host.ts';
import type { WindowTarget } from './deep-link.ts';
import { setStartsAtLogin } from './login-item.ts';
import { sayIn, systemLanguage } from './messages.ts';
import { PickBook } from './pick-book.ts';
import type { Places } from './places.ts';
import { PreferenceBook } from './preferences.ts';
import { hasTray, probeSystem } from './probe-system.ts';
import { shellAnswers } from './shell-answers.ts';
import { TrayFace } from './tray-icon.ts';
import type { MenuAct, Say } from './tray-menu.ts';
import { makeUpdateKeeper } from './updates/make-update-keeper.ts';
import type { UpdateKeeper } from './updates/update-keeper.ts';
import { Vault } from './vault.ts';
import { WindowBook } from './window-book.ts';

export interface DesktopOptions {
  readonly places: Places;
  readonly profileDir: string;
  /** Windows' places, preferences: not the vault's. */
  readonly stateDir: string;
  /** Started at login: nobody asked for a window. */
  readonly isHidden: boolean;
  readonly target: WindowTarget | undefined;
}

export class Desktop {
  readonly #options: DesktopOptions;
  readonly #preferences: PreferenceBook;
  readonly #windows: WindowBook;
  readonly #vault: Vault;
  readonly #updates: UpdateKeeper;
  readonly #picks = new PickBook();
  #tray: TrayFace | undefined;
  #ending: Promise<void> | undefined;

  constructor(options: DesktopOptions) {
    const { places, profileDir, stateDir } = options;
    this.#options = options;
    this.#preferences = new PreferenceBook(path.join(stateDir, 'preferences.json'));
    const icon = path.join(places.iconsDir, 'cachette-256.png');
    this.#windows = new WindowBook({
      preload: places.preload,
      icon,
      placesFile: path.join(stateDir, 'windows.json'),
      titleOf: (name) => this.#say()(`window.${name}`),
    });
    this.#vault = this.#makeVault(profileDir, icon);
    this.#updates = makeUpdateKeeper({
      places,
      stateDir,
      isWanted: () => this.#preferences.now.looksForUpdates,
      isWriting: () => this.#vault.isWriting,
      onChange: () => {
        this.#windows.tell({ event: 'updates' });
        this.#refreshTray();
      },
      end: () => this.end(),
    });
  }

  /** To be called once, when Electron is ready. */
  async start(): Promise<void> {
    const { places, isHidden, target } = this.#options;
    serveApp(session.defaultSession, places.rendererDir);
    this.#takePreferences();
    hostBridge({
      askAgent: async (act, asked) => this.#vault.ask(act, this.#picks.place(asked)),
      askShell: shellAnswers({
        windows: this.#windows,
        picks: this.#picks,
        say: () => this.#say(),
        opener: this.#vault.opener,
        preferences: this.#preferences,
        changePreferences: (changes) => this.#changePreferences(changes),
        condition: () => this.#vault.condition,
        restartAgent: () => this.#vault.restartAgent(),
        updates: this.#updates,
        quit: () => app.quit(),
      }),
    });
    this.#vault.start();
    this.#updates.start();
    this.#tray = makeTray(places.iconsDir, (act) => this.#perform(act));
    this.#refreshTray();
    if (target !== undefined) this.#windows.show(target);
    else if (!isHidden || !(await hasTray())) this.#windows.show({ window: 'status' });
  }

  /** Somebody started the app once more, or clicked its icon. */
  show(target: WindowTarget | undefined): void {
    this.#windows.show(target ?? { window: 'status' });
  }

  /** Puts everything away; the app may quit then. */
  end(): Promise<void> {
    this.#ending ??= this.#putAway();
    return this.#ending;
  }

  async #putAway(): Promise<void> {
    this.#vault.rest();
    this.#updates.close();
    this.#windows.closeAll();
    await this.#vault.end();
    this.#tray?.close();
  }

  #makeVault(profileDir: string, icon: string): Vault {
    const { places, stateDir } = this.#options;
    const command = {
      program: places.node,
      args: [places.cli, 'agent', '--profile', profileDir, '--with-parent'],
      env: app.isPackaged ? agentEnv(process.env) : process.env,
      profileDir,
    };
    const preferences = (): Preferences => this.#preferences.now;
    const notices = {
      icon,
      say: () => this.#say(),
      isWanted: () => preferences().notifies,
      onClick: (target: WindowTarget) => this.#windows.show(target),
    };
    return new Vault(
      { command, quietFile: path.join(stateDir, 'quiet.json'), preferences, probe: () => probeSystem(Date.now()), notices },
      {
        onNews: ({ event, code }) => this.#windows.tell(code === undefined ? { event } : { event, code }),
        onCondition: () => {
          this.#windows.tell({ event: 'agent' });
          this.#refreshTray();
        },
        onChange: () => {
          this.#updates.heedSync();
          this.#refreshTray();
        },
      },
    );
  }

  #refreshTray(): void {
    if (this.#ending !== undefined) return;
    const { known, isAgentUp } = this.#vault;
    this.#tray?.show({ overview: known.overview, activity: known.activity, isAgentUp, updates: this.#updates.told, say: this.#say() });
  }

  #perform(act: MenuAct): void {
    switch (act.do) {
      case 'status':
      case 'settings':
      case 'conflicts':
      case 'history':
      case 'set-up':
        this.#windows.show({ window: act.do });
        return;
      case 'pause':
        this.#fromMenu(() => this.#vault.ask('pause-for', {}));
        return;
      case 'pause-hour':
        this.#fromMenu(() => this.#vault.ask('pause-for', { minutes: 60 }));
        return;
      case 'resume':
        this.#fromMenu(() => this.#vault.resume());
        return;
      case 'update':
        this.#windows.show({ window: 'settings', page: 'about' });
        return;
      case 'restart-agent':
        this.#vault.restartAgent();
        return;
      case 'quit':
        app.quit();
        return;
      case 'open-folder':
        this.#fromMenu(() => this.#vault.opener.openFolder());
        return;
      case 'open-item':
        this.#fromMenu(() => this.#vault.opener.openItem(act.path));
        return;
      case 'show-item':
        this.#fromMenu(() => this.#vault.opener.showItem(act.path));
    }
  }

  /** What a menu asks for and does not get is shown where there is room for words. */
  #fromMenu(ask: () => Promise<unknown>): void {
    ask().catch(() => this.#windows.show({ window: 'status' }));
  }

  #changePreferences(changes: PreferenceChanges): Preferences {
    const now = this.#preferences.change(changes);
    this.#takePreferences();
    if (changes.startsAtLogin !== undefined) setStartsAtLogin(changes.startsAtLogin);
    this.#refreshTray();
    this.#windows.tell({ event: 'preferences' });
    this.#updates.heedPreferences();
    this.#vault.heedPreferences();
    return now;
  }

  #takePreferences(): void {
    nativeTheme.themeSource = this.#preferences.now.theme;
  }

  #say(): Say {
    const { language } = this.#preferences.now;
    return sayIn(language === 'system' ? systemLanguage(app.getLocale()) : language);
  }
}

/** Where the system has no place for icons, windows do. */
function makeTray(iconsDir: string, perform: (act: MenuAct) => void): TrayFace | undefined {
  try {
    return new TrayFace(iconsDir, perform);
  } catch {
    return undefined;
  }
}
