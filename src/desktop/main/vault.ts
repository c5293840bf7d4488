/** One vault of this computer: its agent, what is known of it, and what is done about that without being asked. */
import { z } from 'zod';
import type { AgentNews } from '../../control/acts/agent-news.ts';
import type { Preferences } from '../../control/acts/shell-acts.ts';
import type { WindowAct } from '../../control/acts/window-acts.ts';
import { AgentProcess, type AgentCommand, type AgentCondition } from './agent-process.ts';
import { AgentView, type Known } from './agent-view.ts';
import { ItemOpener } from './item-opener.ts';
import { NoticeBoard, type NoticeBoardOptions } from './notice-board.ts';
import { QuietKeeper } from './quiet-keeper.ts';
import type { Surroundings } from './quiet-reason.ts';
import { StateFile } from './state-file.ts';

/** Whoever wants to know. */
export interface VaultListener {
  readonly onNews: (news: AgentNews) => void;
  readonly onCondition: () => void;
  readonly onChange: () => void;
}

export interface VaultOptions {
  readonly command: AgentCommand;
  /** Whether it rests because of what the person prefers is kept here. */
  readonly quietFile: string;
  readonly preferences: () => Preferences;
  readonly probe: () => Promise<Surroundings>;
  readonly notices: NoticeBoardOptions;
}

export class Vault {
  readonly opener: ItemOpener;
  readonly #agent: AgentProcess;
  readonly #view: AgentView;
  readonly #quiet: QuietKeeper;

  constructor({ command, quietFile, preferences, probe, notices }: VaultOptions, { onNews, onCondition, onChange }: VaultListener) {
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

  /** The synced one; undefined while none is linked, or none is known. */
  get folder(): string | undefined {
    const { overview } = this.known;
    return overview === undefined || overview.is === 'unlinked' ? undefined : overview.folder;
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
  ask(act: WindowAct, asked: unknown): Promise<unknown> {
    if (act === 'pause-for' || act === 'resume') this.#quiet.heedPerson(act === 'resume' ? 'resume' : 'pause');
    // Checked by the schema of this very act: more than the compiler can follow.
    const ask = this.#agent.ask.bind(this.#agent) as (act: WindowAct, asked: unknown) => Promise<unknown>;
    return ask(act, asked);
  }

  /** For a person, also while no window could ask. */
  resume(): Promise<unknown> {
    this.#quiet.heedPerson('resume');
    return this.#agent.askPlainly({ do: 'resume' });
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
  }
}
