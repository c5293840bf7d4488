/** A device of a real world: a folder, a profile, and the command line as a process of its own for each command. */
import fs from 'node:fs';
import { mustSucceed, type Ended, type Program } from '../cli/program.ts';
import { FolderHands } from './folder-hands.ts';
import { Person, withoutDate } from './person.ts';
import type { Device, Ending } from './scenario.ts';

interface ListedConflict {
  readonly id: string;
  readonly path: string;
  readonly copy: string;
}

const nobody = { wrote: () => {}, ended: () => {}, acted: () => {} };

/** What the devices of one world share. */
export interface RealVault {
  readonly program: Program;
  readonly store: string;
  /** Of the vault, once there is one. */
  recoveryKey: string | undefined;
}

export class RealDevice implements Device {
  readonly name: string;
  readonly hands: FolderHands;
  readonly person: Person;
  readonly #vault: RealVault;
  #isLinked = false;

  constructor(vault: RealVault, name: string) {
    this.#vault = vault;
    this.name = name;
    const folder = vault.program.at(name);
    fs.mkdirSync(folder);
    this.hands = new FolderHands(folder);
    this.person = new Person(this.hands, nobody, 'stop');
  }

  async sync(): Promise<Ending> {
    await this.#link();
    return endingOf(await this.#run(['sync']));
  }

  async syncAndKill(when: 'publishing' | 'placing'): Promise<void> {
    await this.#link();
    const run = this.#vault.program.startOn(this.name, ['sync', '--json']);
    // A run may be over before it is killed: that is a scenario, too.
    const journal = this.#vault.program.at('store', 'packs');
    if (when === 'publishing') {
      const watcher = fs.watch(journal, { recursive: true }, () => run.child.kill('SIGKILL'));
      await run.ended;
      watcher.close();
    } else {
      run
        .line((line) => line.includes('"changed"'))
        .then(
          () => run.child.kill('SIGKILL'),
          () => {},
        );
      await run.ended;
    }
  }

  async conflicts(): Promise<readonly { readonly path: string; readonly copy: string }[]> {
    return (await this.#listConflicts()).map(({ path, copy }) => ({ path, copy }));
  }

  async resolve(copies: readonly string[] | 'all', keep: 'local' | 'remote' | 'both'): Promise<void> {
    if (copies === 'all') {
      mustSucceed(await this.#run(['resolve', '--all', '--keep', keep]));
      return;
    }
    const ids = (await this.#listConflicts()).filter(({ copy }) => copies.includes(copy)).map(({ id }) => id);
    const ended = await this.#run(['resolve', ...ids, '--keep', keep]);
    // Decided elsewhere meanwhile.
    if (endingOf(ended).failure !== 'E_NOT_FOUND') mustSucceed(ended);
  }

  async problems(): Promise<readonly { readonly path: string; readonly code: string }[]> {
    const listed = await this.#json<{ path: string; code: string }[]>(['problems']);
    return listed.map(({ path, code }) => ({ path, code }));
  }

  async held(): Promise<readonly string[]> {
    return (await this.#json<{ path: string }[]>(['confirm', '--list'])).map(({ path }) => path);
  }

  async decide(word: 'confirm' | 'reject'): Promise<void> {
    mustSucceed(await this.#run(['confirm', ...(word === 'reject' ? ['--reject'] : [])]));
  }

  /** Without it there is something to do, even where nothing changed. */
  get hasIndex(): boolean {
    return fs.existsSync(`${this.#vault.program.profile(this.name)}/index.sqlite`);
  }

  loseIndex(): void {
    const profile = this.#vault.program.profile(this.name);
    for (const name of fs.readdirSync(profile)) if (name.startsWith('index.')) fs.rmSync(`${profile}/${name}`);
  }

  trash(): readonly string[] {
    return [...this.hands.tree('.cachette/trash').values()].flatMap(({ kind, text }) => (kind === 'file' ? [text] : []));
  }

  takeAway(): { bringBack: () => void } {
    const folder = this.#vault.program.at(this.name);
    fs.renameSync(folder, `${folder}.away`);
    return { bringBack: () => fs.renameSync(`${folder}.away`, folder) };
  }

  async #link(): Promise<void> {
    if (this.#isLinked) return;
    this.#isLinked = true;
    const { program, store, recoveryKey } = this.#vault;
    if (recoveryKey === undefined) this.#vault.recoveryKey = await program.init(this.name, store);
    else await program.join(this.name, store, recoveryKey);
  }

  async #listConflicts(): Promise<ListedConflict[]> {
    const listed = await this.#json<ListedConflict[]>(['conflicts']);
    return listed
      .map(({ id, path, copy }) => ({ id, path: withoutDate(path), copy: withoutDate(copy) }))
      .toSorted((a, b) => (a.copy < b.copy ? -1 : 1));
  }

  async #json<Result>(args: readonly string[]): Promise<Result> {
    return this.#vault.program.json<Result>(this.name, args);
  }

  #run(args: readonly string[]): Promise<Ended> {
    return this.#vault.program.on(this.name, args);
  }
}

function endingOf({ code, signal, err }: Ended): Ending {
  if (code === null) throw new Error(`ended by ${signal ?? 'nothing'}`);
  return { code, failure: code === 0 ? '' : (/\bE_[A-Z_]+/.exec(err)?.[0] ?? '') };
}
