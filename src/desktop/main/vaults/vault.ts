/** One vault of this computer: its agent, what is known of it, and what is done about that without being asked. */
import fs from 'node:fs';
import { z } from 'zod';
import type { AgentNews } from '../../../control/acts/agent-news.ts';
import type { Overview } from '../../../control/acts/overview-acts.ts';
import type { Preferences } from '../../../control/acts/shell-acts.ts';
import type { WindowAct } from '../../../control/acts/window-acts.ts';
import { AgentProcess, type AgentCommand, type AgentCondition } from '../agent-process.ts';
import { AgentView, type Known } from '../agent-view.ts';
import { ItemOpener } from '../item-opener.ts';
import { NoticeBoard, type NoticeBoardOptions } from '../notice-board.ts';
import { QuietKeeper } from '../quiet-keeper.ts';
import type { Surroundings } from '../quiet-reason.ts';
import { StateFile } from '../state-file.ts';
import { trayState, type TrayState } from '../tray-state.ts';
import { diagnoseProfile } from './diagnose-profile.ts';
import { knownFolder } from './known-folder.ts';
import { unlinkProfile } from './unlink-profile.ts';
import type { VaultFacts } from './vault-fates.ts';

/** Whoever wants to know. */
export interface VaultListener {
  readonly onNews: (news: AgentNews) => void;
  readonly onCondition: () => void;
  readonly onChange: () => void;
}

export interface VaultOptions {
  readonly number: number;
  readonly command: AgentCommand;
  /** Whether there is a profile already. */
  readonly wasLinked: boolean;
  /** Whether it rests because of what the person prefers is kept here. */
  readonly quietFile: string;
  readonly preferences: () => Preferences;
  readonly probe: () => Promise<Surroundings>;
  readonly notices: NoticeBoardOptions;
}

export class Vault {
  readonly number: number;
  readonly opener: ItemOpener;
  readonly #command: AgentCommand;
  readonly #agent: AgentProcess;
  readonly #view: AgentView;
  readonly #quiet: QuietKeeper;
  readonly #quietFile: string;
  #wasLinked: boolean;
  #isUnlinked = false;
  #folder: string | undefined;

  constructor(options: VaultOptions, { onNews, onCondition, onChange }: VaultListener) {
    const { number, command, wasLinked, quietFile, preferences, probe, notices } = options;
    this.number = number;
    this.#command = command;
    this.#wasLinked = wasLinked;
    this.#folder = wasLinked ? knownFolder(command.profileDir) : undefined;
    this.#quietFile = quietFile;
    this.#agent = new AgentProcess(command, {
      onNews: (news) => {
        onNews(news);
        this.#view.hear(news);
      },
      onCondition: ({ is }) => {
        if (is === 'running') this.#view.look();
        else this.#view.forget();
        onCondition();
      },
    });
    const board = new NoticeBoard(notices);
    this.#view = new AgentView(this.#agent, (before, now) => {
      board.compare(before, now);
      this.#note(now.overview);
      onChange();
    });
    this.#quiet = new QuietKeeper({
      preferences,
      overview: () => this.known.overview,
      probe,
      memory: new StateFile(quietFile, z.strictObject({ hasPaused: z.boolean() })),
      pause: () => this.#agent.ask('pause-for', {}),
      resume: () => this.#agent.askPlainly({ do: 'resume' }),
    });
    this.opener = new ItemOpener(() => this.folder);
  }

  get known(): Known {
    return this.#view.known;
  }

  get condition(): AgentCondition {
    return this.#agent.condition;
  }

  get isAgentUp(): boolean {
    const { is } = this.condition;
    return is === 'running' || is === 'starting';
  }

  /** The synced one, also while the agent is away; undefined while none is linked, or none is known. */
  get folder(): string | undefined {
    return this.#folder;
  }

  /** It has, or had, a folder since the app began. */
  get wasLinked(): boolean {
    return this.#wasLinked;
  }

  get state(): TrayState {
    return trayState(this.known.overview, this.isAgentUp);
  }

  get facts(): VaultFacts {
    const wantsAttention = this.state.icon === 'attention';
    return { number: this.number, wasLinked: this.#wasLinked, isUnlinked: this.#isUnlinked, wantsAttention };
  }

  /** Whether its files are being fetched or sent now. */
  get isWriting(): boolean {
    const { overview } = this.known;
    return overview?.is === 'linked' && overview.state === 'syncing';
  }

  start(): void {
    this.#agent.start();
  }

  /** After its agent was given up, or while it waits to be started: now. */
  restartAgent(): void {
    this.#agent.restart();
  }

  /** For a person. `asked` is what the act's schema takes. Throws what the agent failed with; E_BUSY while it is not there. */
  async ask(act: WindowAct, asked: unknown): Promise<unknown> {
    if (act === 'pause-for' || act === 'resume') this.#quiet.heedPerson(act === 'resume' ? 'resume' : 'pause');
    // Checked by the schema of this very act: more than the compiler can follow.
    const ask = this.#agent.ask.bind(this.#agent) as (act: WindowAct, asked: unknown) => Promise<unknown>;
    return ask(act, asked);
  }

  /** For a person, also while no window could ask. */
  async resume(): Promise<unknown> {
    this.#quiet.heedPerson('resume');
    return this.#agent.askPlainly({ do: 'resume' });
  }

  /** Asks now whether it has a folder; false also where nobody answers. */
  async look(): Promise<boolean> {
    const overview = await this.#agent.ask('overview', {}).catch(() => undefined);
    this.#note(overview);
    return overview !== undefined && overview.is !== 'unlinked';
  }

  /** What helps those who mend Cachette, also where its agent is down: then most of all. */
  async diagnose(): Promise<string> {
    try {
      const { text } = await this.#agent.ask('diagnose', {});
      return text;
    } catch {
      return diagnoseProfile(this.#command);
    }
  }

  /** Ends its agent, which can't be asked, and parts from the folder without it. Throws as `unlinkProfile`. */
  async giveUp(): Promise<void> {
    await this.end();
    await unlinkProfile(this.#command);
    this.noteUnlinked();
    await this.end();
  }

  /** Its folder was given up just now. */
  noteUnlinked(): void {
    this.#note({ is: 'unlinked' });
  }

  heedPreferences(): void {
    void this.#quiet.look();
  }

  /** Nothing is done by itself any more; its agent ends later. */
  rest(): void {
    this.#quiet.close();
  }

  async end(): Promise<void> {
    this.rest();
    await this.#agent.end();
    // Whatever gets its number later does not rest because of this one.
    if (this.#isUnlinked) fs.rmSync(this.#quietFile, { force: true });
  }

  /** What it is while nobody answers, it was before. */
  #note(overview: Overview | undefined): void {
    if (overview === undefined) return;
    this.#isUnlinked = overview.is === 'unlinked';
    this.#folder = overview.is === 'unlinked' ? undefined : overview.folder;
    if (overview.is !== 'unlinked') this.#wasLinked = true;
  }
}
