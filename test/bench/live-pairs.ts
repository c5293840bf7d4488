/** Two folders that a program keeps the same by itself while both devices run; at the start both hold the same data. */
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../servers/server-process.ts';
import { Background } from './background.ts';
import { cachette, cachetteCommand, type Place } from './contender.ts';
import { prepare } from './measured-run.ts';

export interface LivePair {
  readonly who: string;
  readonly source: string;
  readonly target: string;
  stop(): Promise<void>;
}

/** A second folder with the same contents and times. */
function copySource({ source, target }: Place): void {
  fs.rmdirSync(target);
  prepare({ program: 'cp', args: ['-a', source, target] });
}

/** Two agents and `cachette serve`, once without and once with a rest of nothing. */
export class CachettePair {
  readonly #place: Place;
  readonly #server: Background;
  #agents: readonly Background[] = [];

  /** `place.store` is not used: the server has a folder of its own. */
  static async start(at: Place): Promise<CachettePair> {
    const serve = ['serve', '--root', path.join(at.work, 'server'), '--listen', `127.0.0.1:${await freePort()}`, '--json'];
    const server = await Background.start(cachetteCommand(at, 'first', serve), path.join(at.work, 'server.log'));
    const { url } = JSON.parse(await server.said('"url"')) as { url: string };
    const place = { ...at, store: url };
    copySource(place);
    cachette.setUp(place);
    prepare(cachette.upload(place));
    cachette.setUpSecond(place);
    prepare(cachette.download(place));
    return new CachettePair(place, server);
  }

  private constructor(place: Place, server: Background) {
    this.#place = place;
    this.#server = server;
  }

  /** Agents as they are set up, or with `settle.seconds`. */
  async run(settleSeconds?: number): Promise<LivePair> {
    await this.#stopAgents();
    for (const device of ['first', 'second'] as const)
      if (settleSeconds !== undefined)
        prepare(cachetteCommand(this.#place, device, ['config', 'set', 'settle.seconds', String(settleSeconds)]));
    const start = (device: 'first' | 'second'): Promise<Background> =>
      Background.start(cachetteCommand(this.#place, device, ['sync', '--watch', '--json']), path.join(this.#place.work, `${device}.log`));
    this.#agents = [await start('first'), await start('second')];
    for (const agent of this.#agents) await agent.said('"state":"synced"');
    const { source, target } = this.#place;
    const who = settleSeconds === undefined ? 'Cachette' : `Cachette, settle.seconds ${settleSeconds}`;
    return { who, source, target, stop: () => this.#stopAgents() };
  }

  async stop(): Promise<void> {
    await this.#stopAgents();
    await this.#server.stop();
  }

  async #stopAgents(): Promise<void> {
    await Promise.all(this.#agents.map((agent) => agent.stop()));
    this.#agents = [];
  }
}

interface SyncthingNode {
  readonly home: string;
  readonly id: string;
  readonly folder: string;
  readonly port: number;
  readonly guiPort: number;
}

/** Two syncthings that know each other's addresses and nothing else; each waits a second after a change, the least that it takes. */
export async function startSyncthing(place: Place): Promise<LivePair> {
  copySource(place);
  const nodes: SyncthingNode[] = [];
  for (const folder of [place.source, place.target]) {
    const home = path.join(place.work, path.basename(folder));
    prepare({ program: 'syncthing', args: ['generate', `--home=${home}`, '--no-default-folder'] });
    const id = prepare({ program: 'syncthing', args: [`--home=${home}`, '--device-id'] }).trim();
    nodes.push({ home, id, folder, port: await freePort(), guiPort: await freePort() });
    fs.mkdirSync(path.join(folder, '.stfolder'));
  }
  const started: Background[] = [];
  for (const node of nodes) {
    fs.writeFileSync(path.join(node.home, 'config.xml'), syncthingSettings(node, nodes));
    const args = [`--home=${node.home}`, '--no-browser', '--no-upgrade', '--no-restart'];
    started.push(await Background.start({ program: 'syncthing', args }, path.join(node.home, 'log'), node.guiPort));
  }
  for (const node of nodes) await untilSame(node);
  const stop = async (): Promise<void> => void (await Promise.all(started.map((each) => each.stop())));
  return { who: 'syncthing', source: place.source, target: place.target, stop };
}

const apiKey = 'bench';

function syncthingSettings({ folder, port, guiPort }: SyncthingNode, all: readonly SyncthingNode[]): string {
  const devices = all.map(({ id, port: at }) => `<device id="${id}"><address>tcp://127.0.0.1:${at}</address></device>`);
  const shared = all.map(({ id }) => `<device id="${id}"/>`);
  const off = ['globalAnnounceEnabled', 'localAnnounceEnabled', 'relaysEnabled', 'natEnabled', 'startBrowser', 'crashReportingEnabled'];
  return `<configuration version="36">
<folder id="bench" path="${folder}" type="sendreceive" rescanIntervalS="3600" fsWatcherEnabled="true" fsWatcherDelayS="1">${shared.join('')}</folder>
${devices.join('')}
<gui enabled="true"><address>127.0.0.1:${guiPort}</address><apikey>${apiKey}</apikey></gui>
<options><listenAddress>tcp://127.0.0.1:${port}</listenAddress>${off.map((name) => `<${name}>false</${name}>`).join('')}
<urAccepted>-1</urAccepted><autoUpgradeIntervalH>0</autoUpgradeIntervalH></options>
</configuration>
`;
}

interface FolderStatus {
  readonly state: string;
  readonly needBytes: number;
  readonly localFiles: number;
  readonly globalFiles: number;
}

/** Both have looked at all files, and told each other. */
async function untilSame({ folder, guiPort }: SyncthingNode): Promise<void> {
  const files =
    prepare({ program: 'find', args: [folder, '-name', '.stfolder', '-prune', '-o', '-type', 'f', '-print'] }).split('\n').length - 1;
  for (const untilMs = performance.now() + 20 * 60_000; performance.now() < untilMs; await sleep(200)) {
    const answer = await fetch(`http://127.0.0.1:${guiPort}/rest/db/status?folder=bench`, { headers: { 'X-API-Key': apiKey } });
    const { state, needBytes, localFiles, globalFiles } = (await answer.json()) as FolderStatus;
    if (state === 'idle' && needBytes === 0 && localFiles === files && globalFiles === files) return;
  }
  throw new Error('syncthing did not finish its first look');
}
