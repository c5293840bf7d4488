/** The desktop app put together: agent, tray, windows, notifications, and what passes between them. */
import path from 'node:path';
import { app, nativeTheme, session } from 'electron';
import { z } from 'zod';
import type { PreferenceChanges, Preferences } from '../../control/acts/shell-acts.ts';
import type { AgentNews } from '../../control/acts/agent-news.ts';
import type { WindowAct } from '../../control/acts/window-acts.ts';
import { agentEnv } from './agent-env.ts';
import { AgentProcess, type AgentCondition } from './agent-process.ts';
import { AgentView, type Known } from './agent-view.ts';
import { serveApp } from './app-protocol.ts';
import { hostBridge } from './bridge-host.ts';
import type { WindowTarget } from './deep-link.ts';
import { ItemOpener } from './item-opener.ts';
import { setStartsAtLogin } from './login-item.ts';
import { sayIn, systemLanguage } from './messages.ts';
import { NoticeBoard } from './notice-board.ts';
import { PickBook } from './pick-book.ts';
import type { Places } from './places.ts';
import { PreferenceBook } from './preferences.ts';
import { hasTray, probeSystem } from './probe-system.ts';
import { QuietKeeper } from './quiet-keeper.ts';
import { shellAnswers } from './shell-answers.ts';
import { StateFile } from './state-file.ts';
import { TrayFace } from './tray-icon.ts';
import type { MenuAct, Say } from './tray-menu.ts';
import { makeUpdateKeeper } from './updates/make-update-keeper.ts';
import type { UpdateKeeper } from './updates/update-keeper.ts';
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
  readonly #agent: AgentProcess;
  readonly #view: AgentView;
  readonly #board: NoticeBoard;
  readonly #quiet: QuietKeeper;
  readonly #updates: UpdateKeeper;
  readonly #picks = new PickBook();
  readonly #opener = new ItemOpener(() => this.#folder());
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
    const command = {
      program: places.node,
      args: [places.cli, 'agent', '--profile', profileDir, '--with-parent'],
      env: app.isPackaged ? agentEnv(process.env) : process.env,
      profileDir,
    };
    this.#agent = new AgentProcess(command, {
      onNews: (news) => this.#hear(news),
      onCondition: (condition) => this.#heed(condition),
    });
    this.#view = new AgentView(this.#agent, (before, now) => this.#changed(before, now));
    this.#board = new NoticeBoard({
      icon,
      say: () => this.#say(),
      isWanted: () => this.#preferences.now.notifies,
      onClick: (target) => this.#windows.show(target),
    });
    this.#quiet = new QuietKeeper({
      preferences: () => this.#preferences.now,
      overview: () => this.#view.known.overview,
      probe: () => probeSystem(Date.now()),
      memory: new StateFile(path.join(stateDir, 'quiet.json'), z.strictObject({ hasPaused: z.boolean() })),
      pause: () => this.#agent.ask('pause-for', {}),
      resume: () => this.#agent.askPlainly({ do: 'resume' }),
    });
    this.#updates = makeUpdateKeeper({
      places,
      stateDir,
      isWanted: () => this.#preferences.now.looksForUpdates,
      isWriting: () => isWriting(this.#view.known),
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
      askAgent: (act, asked) => this.#askAgent(act, asked),
      askShell: shellAnswers({
        windows: this.#windows,
        picks: this.#picks,
        say: () => this.#say(),
        opener: this.#opener,
        preferences: this.#preferences,
        changePreferences: (changes) => this.#changePreferences(changes),
        condition: () => this.#agent.condition,
        restartAgent: () => this.#agent.restart(),
        updates: this.#updates,
        quit: () => app.quit(),
      }),
    });
    this.#agent.start();
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
    this.#quiet.close();
    this.#updates.close();
    this.#windows.closeAll();
    await this.#agent.end();
    this.#tray?.close();
  }

  async #askAgent(act: WindowAct, asked: unknown): Promise<unknown> {
    // Checked by the schema of this very act: more than the compiler can follow.
    const ask = this.#agent.ask.bind(this.#agent) as (act: WindowAct, asked: unknown) => Promise<unknown>;
    if (act === 'pause-for' || act === 'resume') this.#quiet.heedPerson(act === 'resume' ? 'resume' : 'pause');
    return ask(act, this.#picks.place(asked));
  }

  #hear(news: AgentNews): void {
    const { event, code } = news;
    this.#windows.tell(code === undefined ? { event } : { event, code });
    this.#view.hear(news);
  }

  #heed(condition: AgentCondition): void {
    this.#windows.tell({ event: 'agent' });
    if (condition.is === 'running') this.#view.look();
    else this.#view.forget();
    this.#refreshTray();
  }

  #changed(before: Known, now: Known): void {
    this.#board.compare(before, now);
    this.#updates.heedSync();
    this.#refreshTray();
  }

  #refreshTray(): void {
    if (this.#ending !== undefined) return;
    const { overview, activity } = this.#view.known;
    const { is } = this.#agent.condition;
    const isAgentUp = is === 'running' || is === 'starting';
    this.#tray?.show({ overview, activity, isAgentUp, updates: this.#updates.told, say: this.#say() });
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
        this.#fromMenu(() => this.#askAgent('pause-for', {}));
        return;
      case 'pause-hour':
        this.#fromMenu(() => this.#askAgent('pause-for', { minutes: 60 }));
        return;
      case 'resume':
        this.#quiet.heedPerson('resume');
        this.#fromMenu(() => this.#agent.askPlainly({ do: 'resume' }));
        return;
      case 'update':
        this.#windows.show({ window: 'settings', page: 'about' });
        return;
      case 'restart-agent':
        this.#agent.restart();
        return;
      case 'quit':
        app.quit();
        return;
      case 'open-folder':
        this.#fromMenu(() => this.#opener.openFolder());
        return;
      case 'open-item':
        this.#fromMenu(() => this.#opener.openItem(act.path));
        return;
      case 'show-item':
        this.#fromMenu(() => this.#opener.showItem(act.path));
    }
  }

  /** What a menu asks for and does not get is shown where there is room for words. */
  #fromMenu(ask: () => Promise<unknown>): void {
    ask().catch(() => this.#windows.show({ window: 'status' }));
  }

  #folder(): string | undefined {
    const { overview } = this.#view.known;
    return overview === undefined || overview.is === 'unlinked' ? undefined : overview.folder;
  }

  #changePreferences(changes: PreferenceChanges): Preferences {
    const now = this.#preferences.change(changes);
    this.#takePreferences();
    if (changes.startsAtLogin !== undefined) setStartsAtLogin(changes.startsAtLogin);
    this.#refreshTray();
    this.#windows.tell({ event: 'preferences' });
    this.#updates.heedPreferences();
    void this.#quiet.look();
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

function isWriting({ overview }: Known): boolean {
  return overview?.is === 'linked' && overview.state === 'syncing';
}

/** Where the system has no place for icons, windows do. */
function makeTray(iconsDir: string, perform: (act: MenuAct) => void): TrayFace | undefined {
  try {
    return new TrayFace(iconsDir, perform);
  } catch {
    return undefined;
  }
}
