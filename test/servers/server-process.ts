import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ProcessSpec {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What it prints. */
  readonly logFile: string;
  /** It is up when it takes connections there; undefined: at once. */
  readonly port?: number | undefined;
}

const lookEveryMs = 50;
const upWithinMs = 60_000;
const endWithinMs = 10_000;

/** A process, with all that it starts itself, that ends when the tests end, however they do. */
export class ServerProcess {
  readonly #spec: ProcessSpec;
  #child: ChildProcess | undefined;
  #guard: ChildProcess | undefined;

  constructor(spec: ProcessSpec) {
    this.#spec = spec;
  }

  /** Resolves when it is up. Throws with the end of its log where it is not. */
  async start(): Promise<void> {
    const { command, args, env = {}, cwd, logFile } = this.#spec;
    const log = fs.openSync(logFile, 'a');
    const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
    // A group of its own, so that its children can be ended with it.
    this.#child = spawn(command, args, { cwd, detached: true, stdio: ['ignore', log, log], env: { ...process.env, PATH: path, ...env } });
    this.#child.on('error', () => undefined); // seen as a process without a number
    fs.closeSync(log);
    this.#guard = this.#child.pid === undefined ? undefined : startGuard(this.#child.pid);
    await this.#untilUp();
  }

  /** Of the process itself; undefined while none runs. */
  get pid(): number | undefined {
    return this.#isRunning() ? this.#child?.pid : undefined;
  }

  /** SIGKILL; resolves when nothing of it is left. */
  async kill(): Promise<void> {
    this.#signal('SIGKILL');
    await this.#untilGone();
  }

  async stop(): Promise<void> {
    this.#signal('SIGTERM');
    await this.#untilGone();
  }

  async #untilUp(): Promise<void> {
    const { command, port } = this.#spec;
    for (const untilMs = Date.now() + upWithinMs; Date.now() < untilMs; await sleep(lookEveryMs)) {
      if (!this.#isRunning()) break;
      if (port === undefined || (await takesConnections(port))) return;
    }
    await this.kill();
    throw new Error(`${command} did not come up: ${fs.readFileSync(this.#spec.logFile, 'utf8').slice(-2000)}`);
  }

  async #untilGone(): Promise<void> {
    try {
      await this.#untilGroupGone();
    } finally {
      // From here on the number may be another group's.
      this.#guard?.kill('SIGKILL');
      this.#guard = undefined;
    }
  }

  async #untilGroupGone(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child?.pid === undefined) return;
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      const late = setTimeout(() => signalGroup(child, 'SIGKILL'), endWithinMs);
      await ended;
      clearTimeout(late);
    }
    // Its children may outlive it for a moment, and hold its port.
    while (signalGroup(child, 'SIGKILL')) await sleep(lookEveryMs);
  }

  #isRunning(): boolean {
    return this.#child?.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#child !== undefined) signalGroup(this.#child, signal);
  }
}

/**
 * Ends the group as soon as this process is gone, whatever ended it (also SIGKILL): its end of the pipe closes then. In a
 * session of its own, so that what is sent to the tests' group does not end the guard first.
 */
function startGuard(pid: number): ChildProcess {
  const guard = spawn('sh', ['-c', 'trap "" HUP INT TERM; read -r _; kill -s KILL -- "-$0"', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.on('error', () => undefined); // without a shell nothing is guarded
  guard.unref();
  if (guard.stdin instanceof net.Socket) guard.stdin.unref();
  return guard;
}

/** False where nothing of the group is left. */
function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** A port that nobody had a moment ago. */
export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
