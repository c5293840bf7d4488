import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { makeBucket } from './make-bucket.ts';
import type { ServerKind, ServerUnderTest } from './server-kind.ts';
import { freePort, ServerProcess } from './server-process.ts';
import { swiftHash, swiftNodeSettings, swiftProxySettings, type SwiftRole, swiftRoles } from './swift-settings.ts';

const shared = {
  packages: ['swift-proxy', 'swift-account', 'swift-container', 'swift-object', 'memcached'],
  needs: ['/usr/bin/swift-proxy-server', '/usr/bin/swift-object-server', '/usr/bin/swift-ring-builder', '/usr/bin/memcached'],
  refusesExisting: 'never',
} as const;

/** OpenStack Swift by its S3 interface. Refuses conditions altogether. */
export const swift: ServerKind = { name: 'swift', ...shared, start: () => startSwift(false) };

/** One of the three that keep listings learns of nothing any more, and nothing repairs it: a third of the lists is of long ago. */
export const swiftLate: ServerKind = { name: 'swift-late', ...shared, listsLate: true, start: () => startSwift(true) };

const keys = { keyId: 'test:tester', secret: 'testing' };
/** The one of three keepers of listings that is late. */
const lateNode = 3;

/** More than any file of tests makes stores. */
const lateBuckets = 40;

async function startSwift(isLate: boolean): Promise<ServerUnderTest> {
  const cluster = await SwiftCluster.make({ account: 1, container: isLate ? 3 : 1, object: 1 });
  const makeNext = (bucket: number): Promise<void> => makeBucket({ origin: cluster.origin, bucket: `bucket${bucket}`, keys });
  if (isLate) {
    // It has to know a bucket to have an old listing of it.
    for (let bucket = 1; bucket <= lateBuckets; bucket += 1) await makeNext(bucket);
    await cluster.makeLate();
  }
  let buckets = 0;
  return {
    newStoreUrl: async () => {
      buckets += 1;
      if (!isLate) await makeNext(buckets);
      else if (buckets > lateBuckets) throw new Error(`only ${lateBuckets} stores can be late`);
      return `s3+${cluster.origin.replace('//', `//${encodeURIComponent(keys.keyId)}:${keys.secret}@`)}/bucket${buckets}/vault`;
    },
    kill: () => cluster.kill(),
    restart: () => cluster.start(),
    stop: () => cluster.stop(),
  };
}

interface SwiftPorts {
  readonly proxy: number;
  readonly memcache: number;
  /** By `container-1` and the like. */
  readonly nodes: ReadonlyMap<string, number>;
}

/** Of everything that a role keeps, each on a node of its own. */
type Copies = Readonly<Record<SwiftRole, number>>;

function nodesOf(copies: number): number[] {
  return Array.from({ length: copies }, (_, index) => index + 1);
}

class SwiftCluster {
  readonly origin: string;
  readonly #folder: string;
  readonly #ports: SwiftPorts;
  readonly #copies: Copies;
  readonly #parts: readonly ServerProcess[];
  readonly #lateOne: ServerProcess;

  /** From nothing, and started. */
  static async make(copies: Copies): Promise<SwiftCluster> {
    const nodePorts = new Map<string, number>();
    for (const role of swiftRoles) for (const node of nodesOf(copies[role])) nodePorts.set(`${role}-${node}`, await freePort());
    const ports = { proxy: await freePort(), memcache: await freePort(), nodes: nodePorts };
    const cluster = new SwiftCluster(mkdtempSync(path.join(tmpdir(), 'cachette-swift-')), ports, copies);
    try {
      await cluster.#configure();
      await cluster.start();
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  private constructor(folder: string, ports: SwiftPorts, copies: Copies) {
    this.#folder = folder;
    this.#ports = ports;
    this.#copies = copies;
    this.origin = `http://127.0.0.1:${ports.proxy}`;
    const daemon = (name: string, command: string, args: readonly string[], port: number): ServerProcess =>
      new ServerProcess({ command, args, logFile: this.#file(`${name}.out`), port });
    const nodeDaemons = new Map(
      [...ports.nodes].map(([name, port]) => [
        name,
        daemon(name, `swift-${name.split('-')[0] ?? ''}-server`, [this.#file(`etc/${name}.conf`)], port),
      ]),
    );
    const memcached = daemon(
      'memcached',
      'memcached',
      ['-u', 'nobody', '-l', '127.0.0.1', '-p', String(ports.memcache), '-U', '0', '-t', '1'],
      ports.memcache,
    );
    const proxy = daemon('proxy', 'swift-proxy-server', [this.#file('etc/proxy.conf')], ports.proxy);
    this.#parts = [memcached, ...nodeDaemons.values(), proxy];
    this.#lateOne = nodeDaemons.get(`container-${lateNode}`) ?? proxy;
  }

  async start(): Promise<void> {
    await Promise.all(this.#parts.map((part) => part.start()));
  }

  async kill(): Promise<void> {
    await Promise.all(this.#parts.map((part) => part.kill()));
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async makeLate(): Promise<void> {
    await this.#lateOne.kill();
    this.#configureNode('container', lateNode, '100%');
    await this.#lateOne.start();
  }

  async #configure(): Promise<void> {
    for (const name of ['etc', 'cache']) mkdirSync(this.#file(name));
    writeFileSync(this.#file('etc/swift.conf'), swiftHash);
    const { proxy, memcache } = this.#ports;
    writeFileSync(this.#file('etc/proxy.conf'), swiftProxySettings({ folder: this.#folder, port: proxy, memcachePort: memcache }));
    for (const role of swiftRoles) {
      for (const node of nodesOf(this.#copies[role])) {
        mkdirSync(this.#file(`node${node}/disk`), { recursive: true });
        this.#configureNode(role, node, '0');
      }
      await this.#makeRing(role);
    }
  }

  #configureNode(role: SwiftRole, node: number, reserve: string): void {
    const settings = swiftNodeSettings(role, { folder: this.#folder, node, port: this.#port(role, node), reserve });
    writeFileSync(this.#file(`etc/${role}-${node}.conf`), settings);
  }

  /** Who keeps what. */
  async #makeRing(role: SwiftRole): Promise<void> {
    const file = this.#file(`etc/${role}.builder`);
    const build = (...args: readonly string[]): Promise<unknown> => promisify(execFile)('swift-ring-builder', [file, ...args]);
    const nodes = nodesOf(this.#copies[role]);
    await build('create', '4', String(nodes.length), '0');
    for (const node of nodes) await build('add', `r1z${node}-127.0.0.1:${this.#port(role, node)}/disk`, '1');
    await build('rebalance');
  }

  #port(role: SwiftRole, node: number): number {
    return this.#ports.nodes.get(`${role}-${node}`) ?? 0;
  }

  #file(name: string): string {
    return path.join(this.#folder, name);
  }
}
