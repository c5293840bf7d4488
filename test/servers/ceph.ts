import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { cephSettings } from './ceph-settings.ts';
import { makeBucket } from './make-bucket.ts';
import type { ServerKind, ServerUnderTest } from './server-kind.ts';
import { freePort, type ProcessSpec, ServerProcess } from './server-process.ts';

const shared = {
  packages: ['ceph-mon', 'ceph-osd', 'radosgw', 'ceph-common'],
  needs: ['/usr/bin/ceph-mon', '/usr/bin/ceph-osd', '/usr/bin/radosgw', '/usr/bin/ceph'],
} as const;

/** A whole Ceph with its S3 gateway: one monitor, one disk in a sparse file. Of many puts of one name exactly one wins. */
export const ceph: ServerKind = { name: 'ceph', ...shared, refusesExisting: 'always', start: () => startCeph(false) };

/** Its versioned buckets ignore every condition. */
export const cephVersioned: ServerKind = { name: 'ceph-versioned', ...shared, refusesExisting: 'never', start: () => startCeph(true) };

const keys = { keyId: 'TESTKEY', secret: 'test/secret+of=mine' };
const upWithinMs = 90_000;

async function startCeph(isVersioned: boolean): Promise<ServerUnderTest> {
  const cluster = new CephCluster(mkdtempSync(path.join(tmpdir(), 'cachette-ceph-')), await freePorts());
  try {
    await cluster.make();
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  let buckets = 0;
  return {
    newStoreUrl: async () => {
      buckets += 1;
      const bucket = `bucket-${buckets}`;
      await makeBucket({ origin: cluster.origin, bucket, keys, isVersioned });
      const credentials = `${keys.keyId}:${encodeURIComponent(keys.secret)}`;
      return `s3+${cluster.origin.replace('//', `//${credentials}@`)}/${bucket}/a%20folder/${encodeURIComponent('Übung+1')}`;
    },
    kill: () => cluster.kill(),
    restart: () => cluster.start(),
    stop: () => cluster.stop(),
  };
}

interface CephPorts {
  readonly monitor: number;
  /** For the older of its two protocols. */
  readonly oldMonitor: number;
  readonly gateway: number;
}

async function freePorts(): Promise<CephPorts> {
  return { monitor: await freePort(), oldMonitor: await freePort(), gateway: await freePort() };
}

class CephCluster {
  readonly origin: string;
  readonly #folder: string;
  readonly #ports: CephPorts;
  readonly #monitor: ServerProcess;
  readonly #disk: ServerProcess;
  readonly #gateway: ServerProcess;

  constructor(folder: string, ports: CephPorts) {
    this.#folder = folder;
    this.#ports = ports;
    this.origin = `http://127.0.0.1:${ports.gateway}`;
    const daemon = (command: string, args: readonly string[], port?: number): ServerProcess => {
      const spec: ProcessSpec = {
        command,
        args: ['-c', this.#file('ceph.conf'), ...args, '-f'],
        logFile: this.#file(`${command}.out`),
        port,
      };
      return new ServerProcess(spec);
    };
    this.#monitor = daemon('ceph-mon', ['-i', 'a'], ports.monitor);
    this.#disk = daemon('ceph-osd', ['-i', '0']);
    this.#gateway = daemon('radosgw', ['-n', 'client.rgw'], ports.gateway);
  }

  /** From nothing. */
  async make(): Promise<void> {
    const [fsid, keyring, map] = [randomUUID(), this.#file('keyring'), this.#file('monmap')];
    const addresses = `[v2:127.0.0.1:${this.#ports.monitor},v1:127.0.0.1:${this.#ports.oldMonitor}]`;
    for (const name of ['mon', 'osd', 'rgw', 'run', 'log']) mkdirSync(this.#file(name));
    writeFileSync(this.#file('ceph.conf'), cephSettings({ folder: this.#folder, fsid, addresses, gatewayPort: this.#ports.gateway }));
    const everything = ['mon', 'osd', 'mgr'].flatMap((cap) => ['--cap', cap, 'allow *']);
    for (const [index, name] of ['mon.', 'client.admin', 'client.rgw', 'osd.0'].entries()) {
      await run('ceph-authtool', [keyring, ...(index === 0 ? ['--create-keyring'] : []), '--gen-key', '-n', name, ...everything]);
    }
    await run('monmaptool', ['--create', '--fsid', fsid, '--addv', 'a', addresses, map]);
    await this.#run('ceph-mon', ['-i', 'a', '--mkfs', '--monmap', map, '--keyring', keyring]);
    await this.#monitor.start();
    const disk = randomUUID();
    await this.#run('ceph', ['--connect-timeout', '60', 'osd', 'new', disk, '0']);
    await this.#run('ceph-osd', ['-i', '0', '--mkfs', '--osd-uuid', disk]);
    await this.#run('ceph', ['osd', 'crush', 'add', 'osd.0', '1.0', 'root=default', 'host=here']);
    await this.#disk.start();
    await this.#untilDiskIsUp();
    await this.#gateway.start();
    const user = ['user', 'create', '--uid=test', '--display-name=test', `--access-key=${keys.keyId}`, `--secret-key=${keys.secret}`];
    await this.#run('radosgw-admin', user);
  }

  /** With what it has kept. */
  async start(): Promise<void> {
    await this.#monitor.start();
    await this.#disk.start();
    await this.#gateway.start();
  }

  async kill(): Promise<void> {
    await Promise.all([this.#gateway, this.#disk, this.#monitor].map((daemon) => daemon.kill()));
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #untilDiskIsUp(): Promise<void> {
    for (const untilMs = Date.now() + upWithinMs; Date.now() < untilMs; await sleep(300)) {
      if (/"num_up_osds":\s*1\b/.test(await this.#run('ceph', ['osd', 'stat', '-f', 'json']))) return;
    }
    throw new Error('the disk of Ceph did not come up');
  }

  #run(command: string, args: readonly string[]): Promise<string> {
    return run(command, ['-c', this.#file('ceph.conf'), ...args]);
  }

  #file(name: string): string {
    return path.join(this.#folder, name);
  }
}

async function run(command: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, [...args], { timeout: upWithinMs });
  return stdout;
}
