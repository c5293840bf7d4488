/** The desktop app put together: vaults, tray, windows, notifications, and what passes between them. */
import os from 'node:os';
import path from 'node:path';
import { app, nativeTheme, session, type IpcMainInvokeEvent } from 'electron';
import type { PreferenceChanges, Preferences, VaultRow, WindowName } from '../../control/acts/shell-acts.ts';
import { agentEnv } from './agent-env.ts';
import { vaultOfPage } from './app-files.ts';
import { serveApp } from './app-protocol.ts';
import { appReport } from './app-report.ts';
import { hostBridge } from './bridge-host.ts';
import type { WindowTarget } from './deep-link.ts';
import type { FaultFile } from './fault-file.ts';
import { setStartsAtLogin } from './login-item.ts';
import { sayIn, systemLanguage } from './messages.ts';
import { performOn } from './perform-on.ts';
import { PickBook } from './pick-book.ts';
import type { Places } from './places.ts';
import { PreferenceBook } from './preferences.ts';
import { findTray, probeSystem } from './probe-system.ts';
import { plainName } from './shown-name.ts';
import { shellAnswers, type VaultActs } from './shell-answers.ts';
import { TrayFace } from './tray-icon.ts';
import { TrayKeeper } from './tray-keeper.ts';
import type { MenuAct, Say } from './tray-menu.ts';
import { makeUpdateKeeper } from './updates/make-update-keeper.ts';
import type { UpdateKeeper } from './updates/update-keeper.ts';
import { usualFolder } from './vaults/usual-folder.ts';
import { VaultBook } from './vaults/vault-book.ts';
import { meantVault } from './vaults/vault-fates.ts';
import { vaultNames } from './vaults/vault-names.ts';
import { Vault } from './vaults/vault.ts';
import { WindowBook } from './window-book.ts';

/** Started at login, the app may be there before whoever shows icons. */
const lateTrayMs = 10_000;

export interface DesktopOptions {
  readonly places: Places;
  /** Of the first vault; those of others stand beside it. */
  readonly profileDir: string;
  /** Windows' places, preferences: not the vault's. */
  readonly stateDir: string;
  /** Started at login: nobody asked for a window. */
  readonly isHidden: boolean;
  readonly target: WindowTarget | undefined;
  readonly faults: FaultFile;
}

export class Desktop {
  readonly #options: DesktopOptions;
  readonly #preferences: PreferenceBook;
  readonly #windows: WindowBook;
  readonly #vaults: VaultBook;
  readonly #updates: UpdateKeeper;
  readonly #picks = new PickBook();
  readonly #icon: string;
  #lookedAt: number | undefined;
  /** What windows were told last of all vaults. */
  #toldVaults = '';
  #tray: TrayKeeper | undefined;
  #ending: Promise<void> | undefined;

  constructor(options: DesktopOptions) {
    const { places, profileDir, stateDir } = options;
    this.#options = options;
    this.#preferences = new PreferenceBook(path.join(stateDir, 'preferences.json'));
    this.#icon = path.join(places.iconsDir, 'cachette-256.png');
    this.#windows = new WindowBook({
      preload: places.preload,
      icon: this.#icon,
      placesFile: path.join(stateDir, 'windows.json'),
      textSize: this.#preferences.now.textSize,
      titleOf: (name, vault) => this.#titleOf(name, vault),
      onFocus: (vault) => {
        this.#lookedAt = vault;
      },
      onClosed: (name, vault) => {
        if (name === 'set-up') void this.#vaults.settle(vault);
      },
    });
    this.#vaults = new VaultBook({
      usualDir: profileDir,
      make: (...given) => this.#makeVault(...given),
      onChange: () => this.#refresh(),
      forget: (vault) => this.#windows.leave(vault, this.#vaults.shown[0]?.number),
    });
    this.#updates = makeUpdateKeeper({
      places,
      stateDir,
      isWanted: () => this.#preferences.now.looksForUpdates,
      isWriting: () => this.#vaults.all.some(({ isWriting }) => isWriting),
      onChange: () => {
        this.#windows.tell({ event: 'updates' });
        this.#refresh();
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
      askAgent: async (act, asked, event) => this.#vaultOf(event).ask(act, this.#picks.place(asked)),
      askShell: shellAnswers({
        windows: this.#windows,
        picks: this.#picks,
        say: () => this.#say(),
        vaultOf: (event) => this.#vaultOf(event),
        vaults: this.#vaultActs(),
        preferences: this.#preferences,
        changePreferences: (changes) => this.#changePreferences(changes),
        usualFolder: () =>
          usualFolder(
            os.homedir(),
            this.#vaults.all.flatMap(({ folder }) => folder ?? []),
          ),
        updates: this.#updates,
        report: (vault) => this.#report(vault),
        quit: () => app.quit(),
      }),
    });
    this.#vaults.start();
    this.#updates.start();
    const tray = new TrayKeeper({ find: findTray, make: () => makeTray(places.iconsDir, (act) => this.#perform(act)) });
    this.#tray = tray;
    this.#refresh();
    if (target !== undefined) this.show(target);
    else if (!isHidden || !(await tray.isSeen(lateTrayMs))) this.show(undefined);
  }

  /** Somebody started the app once more, or clicked its icon. */
  show(target: WindowTarget | undefined): void {
    if (this.#ending !== undefined) return;
    const { window, page } = target ?? { window: 'status' };
    const vault = meantVault(this.#vaults.facts, window, this.#lookedAt);
    if (vault !== undefined) this.#windows.show({ vault, window, page });
  }

  /** Puts everything away; the app may quit then. */
  end(): Promise<void> {
    this.#ending ??= this.#putAway();
    return this.#ending;
  }

  async #putAway(): Promise<void> {
    this.#vaults.rest();
    this.#updates.close();
    this.#windows.closeAll();
    await this.#vaults.end();
    this.#tray?.close();
  }

  #makeVault(number: number, profileDir: string, wasLinked: boolean): Vault {
    const { places, stateDir } = this.#options;
    const command = {
      program: places.node,
      args: [places.cli, 'agent', '--profile', profileDir, '--with-parent'],
      env: app.isPackaged ? agentEnv(process.env) : process.env,
      profileDir,
    };
    const notices = {
      icon: this.#icon,
      say: () => this.#say(),
      vaultName: () => this.#nameIfMany(number),
      isWanted: () => this.#preferences.now.notifies,
      onClick: (target: WindowTarget) => this.#windows.show({ ...target, vault: number }),
    };
    const quietFile = path.join(stateDir, number === 1 ? 'quiet.json' : `quiet-${number}.json`);
    const [preferences, probe] = [() => this.#preferences.now, () => probeSystem(Date.now())];
    return new Vault(
      { number, command, wasLinked, quietFile, preferences, probe, notices },
      {
        onNews: ({ event, code }) => this.#windows.tell(code === undefined ? { event } : { event, code }, number),
        onCondition: () => {
          this.#windows.tell({ event: 'agent' }, number);
          this.#refresh();
        },
        onChange: () => {
          this.#updates.heedSync();
          this.#vaults.heed();
          this.#refresh();
        },
      },
    );
  }

  #vaultOf({ senderFrame }: IpcMainInvokeEvent): Vault {
    return this.#vaults.get(vaultOfPage(senderFrame?.url ?? '') ?? 0);
  }

  #vaultActs(): VaultActs {
    return {
      list: () => this.#rows(),
      turn: ({ sender }, { vault, page }) => {
        const window = this.#windows.find(sender);
        if (window !== undefined) this.#windows.turn(window, this.#vaults.get(vault).number, page);
      },
      add: () => this.#windows.show({ window: 'set-up', vault: this.#vaults.add().number }),
      remove: (vault) => this.#vaults.remove(vault),
    };
  }

  #rows(): readonly VaultRow[] {
    const say = this.#say();
    const names = this.#names();
    return this.#vaults.shown.map(({ number, folder, state }) => {
      const { icon, line } = state;
      const name = names.get(number) ?? '';
      return { vault: number, name, folder: folder ?? null, state: icon, says: say(line.key, line.values) };
    });
  }

  #names(): ReadonlyMap<number, string> {
    const say = this.#say();
    return vaultNames(this.#vaults.shown, (number) => say('vault.unknown', { number }));
  }

  #nameIfMany(vault: number): string | undefined {
    return this.#vaults.shown.length > 1 ? this.#names().get(vault) : undefined;
  }

  #titleOf(name: WindowName, vault: number): string {
    const say = this.#say();
    const isMore = name === 'set-up' && this.#vaults.shown.every(({ number }) => number !== vault);
    const title = say(isMore ? 'window.add-vault' : `window.${name}`);
    const called = this.#nameIfMany(vault);
    return called === undefined ? title : say('window.of-vault', { title, vault: plainName(called) });
  }

  /** Tray, titles and windows, as everything stands. */
  #refresh(): void {
    if (this.#ending !== undefined) return;
    const names = this.#names();
    const vaults = this.#vaults.shown.map(({ number, known, isAgentUp }) => {
      const { overview, activity } = known;
      return { number, name: names.get(number) ?? '', overview, isAgentUp, activity };
    });
    this.#tray?.show({ vaults, updates: this.#updates.told, say: this.#say() });
    // Nothing is made of the list where there is only one.
    const told = vaults.length > 1 ? JSON.stringify(this.#rows()) : '';
    if (told === this.#toldVaults) return;
    this.#toldVaults = told;
    this.#windows.tell({ event: 'vaults' });
    this.#windows.retitle();
  }

  #perform(act: MenuAct): void {
    if ('vault' in act) {
      performOn(act, { vault: this.#vaults.find(act.vault), show: (showing) => this.#windows.show(showing) });
      return;
    }
    switch (act.do) {
      case 'show':
        this.show(undefined);
        return;
      case 'show-settings':
        this.show({ window: 'settings' });
        return;
      case 'update':
        this.show({ window: 'settings', page: 'about' });
        return;
      case 'quit':
        app.quit();
        return;
      case 'pause-all':
        for (const vault of this.#vaults.all) void vault.ask('pause-for', {}).catch(() => {});
        return;
      case 'resume-all':
        for (const vault of this.#vaults.all) void vault.resume().catch(() => {});
    }
  }

  async #report(vault: Vault): Promise<string> {
    const facts = {
      version: app.getVersion(),
      electron: process.versions.electron,
      system: `${process.platform} ${process.arch}`,
      isPackaged: app.isPackaged,
      hasTray: (await findTray()) !== undefined,
      agents: this.#vaults.all.map(({ number, condition }) => ({ ...condition, vault: number })),
      preferences: this.#preferences.now,
      updates: this.#updates.told,
      faults: this.#options.faults.told(),
    };
    return `${appReport(facts)}\n${await vault.diagnose()}`;
  }

  #changePreferences(changes: PreferenceChanges): Preferences {
    const now = this.#preferences.change(changes);
    this.#takePreferences();
    if (changes.startsAtLogin !== undefined) setStartsAtLogin(changes.startsAtLogin);
    this.#refresh();
    this.#windows.fitText(now.textSize);
    this.#windows.tell({ event: 'preferences' });
    this.#windows.retitle();
    this.#updates.heedPreferences();
    for (const vault of this.#vaults.all) vault.heedPreferences();
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
