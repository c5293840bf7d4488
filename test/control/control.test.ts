/** The contract between processes of one profile: who is let in, and what a broken or hostile peer can do. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { Failure } from '../../src/base/failure.ts';
import { systemRandom } from '../../src/base/random.ts';
import { ControlClient } from '../../src/control/control-client.ts';
import { findControlPlace, makeControlPlace, type ControlPlace } from '../../src/control/control-place.ts';
import { ControlServer, type ControlHandlers } from '../../src/control/control-server.ts';
import { controlVersion, frameMaxBytes, type ControlEvent } from '../../src/control/messages.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';

const options = { platform: process.platform, env: {} };

interface World {
  readonly profile: string;
  readonly place: ControlPlace;
  readonly server: ControlServer;
  readonly handlers: ControlHandlers;
}

async function serve(handlers: Partial<ControlHandlers> = {}): Promise<World> {
  const profile = await temporaryFolder();
  const all: ControlHandlers = {
    status: vi.fn(() => ({ state: 'synced' })),
    sync: vi.fn(),
    pause: vi.fn(),
    resume: vi.fn(),
    select: vi.fn(),
    'bring-past': vi.fn(),
    restore: vi.fn(),
    rewind: vi.fn(),
    resolve: vi.fn(),
    verify: vi.fn(),
    revoke: vi.fn(),
    slot: vi.fn(),
    approve: vi.fn(),
    rename: vi.fn(),
    'vault-code': vi.fn(),
    ask: vi.fn(),
    stop: vi.fn(),
    ...handlers,
  };
  const place = await makeControlPlace(profile, options, systemRandom);
  const server = await ControlServer.start(place, all);
  onTestFinished(() => server.close());
  return { profile, place, server, handlers: all };
}

async function connect(profile: string, onEvent?: (event: ControlEvent) => void): Promise<ControlClient> {
  const client = await ControlClient.connect(profile, options, onEvent);
  if (client === undefined) throw new Error('nobody listens');
  onTestFinished(() => client.close());
  return client;
}

/** Says these pieces to the socket; what comes back until it is closed by the other end. */
function say(address: string, pieces: readonly (string | Uint8Array)[]): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = net.connect(address);
    socket.on('data', (piece) => (heard += piece.toString()));
    socket.on('error', () => {});
    socket.on('close', () => resolve(heard));
    for (const piece of pieces) socket.write(piece);
  });
}

function hello(token: string, version = controlVersion): string {
  return `${JSON.stringify({ id: 1, do: 'hello', version, token })}\n`;
}

describe('a client of the profile', () => {
  test('asks and is answered; a failure keeps its code', async () => {
    const { profile } = await serve({
      sync: () => Promise.reject(new Failure('E_STORE_UNREACHABLE', 'away', { action: 'wait' })),
      pause: () => {
        throw new Error('secret detail');
      },
    });
    const client = await connect(profile);
    expect(await client.ask({ do: 'status' })).toEqual({ state: 'synced' });
    await expect(client.ask({ do: 'sync' })).rejects.toMatchObject({ code: 'E_STORE_UNREACHABLE', message: 'away', action: 'wait' });
    await expect(client.ask({ do: 'pause' })).rejects.toMatchObject({
      code: 'E_FAILED',
      message: expect.not.stringContaining('secret') as string,
    });
  });

  test('hears events only once it asked for them', async () => {
    const { profile, server } = await serve();
    const heard: ControlEvent[] = [];
    const client = await connect(profile, (event) => heard.push(event));
    server.tell({ event: 'early' });
    await client.ask({ do: 'events' });
    server.tell({ event: 'state', state: 'synced' });
    await client.ask({ do: 'status' });
    expect(heard).toEqual([{ event: 'state', state: 'synced' }]);
  });

  test('is told where the agent ends while it waits', async () => {
    const { profile, server } = await serve({ sync: () => new Promise(() => {}) });
    const client = await connect(profile);
    const asked = client.ask({ do: 'sync' }).catch((error: unknown) => error);
    await server.close();
    expect(await asked).toMatchObject({ code: 'E_BUSY' });
  });

  test('does not wait for ever for an agent that hangs', async () => {
    const profile = await temporaryFolder();
    const { address } = await makeControlPlace(profile, options, systemRandom);
    const mute = net.createServer((socket) => socket.on('error', () => {}));
    onTestFinished(() => void mute.close());
    await new Promise<void>((resolve) => mute.listen(address, resolve));
    fs.chmodSync(address, 0o600);
    await expect(ControlClient.connect(profile, { ...options, helloMs: 50 })).rejects.toMatchObject({ code: 'E_BUSY' });
  });

  test('finds nobody where no agent ever was, or where one was killed', async () => {
    const { profile, place, server, handlers } = await serve();
    expect(await ControlClient.connect(await temporaryFolder(), options)).toBeUndefined();
    fs.linkSync(place.address, `${place.address}.kept`);
    await server.close();
    fs.renameSync(`${place.address}.kept`, place.address);
    expect(await ControlClient.connect(profile, options)).toBeUndefined();
    // The next agent takes the place over.
    const nextPlace = await makeControlPlace(profile, options, systemRandom);
    const next = await ControlServer.start(nextPlace, { ...handlers, status: () => 1 });
    onTestFinished(() => next.close());
    expect(await (await connect(profile)).ask({ do: 'status' })).toBe(1);
  });
});

describe('whoever does not know the profile', () => {
  test.each([
    ['a wrong token', () => [hello('0'.repeat(64)), '{"id":2,"do":"stop"}\n'], 'E_LOCKED'],
    ['an empty token', () => [hello(''), '{"id":2,"do":"stop"}\n'], 'E_LOCKED'],
    ['no hello', () => ['{"id":2,"do":"stop"}\n'], 'E_LOCKED'],
    ['another version', ({ token }: ControlPlace) => [hello(token, 99), '{"id":2,"do":"stop"}\n'], 'E_BUSY'],
    ['no JSON', ({ token }: ControlPlace) => [hello(token), '{{{\n{"id":2,"do":"stop"}\n'], 'E_FORMAT'],
    ['no text', ({ token }: ControlPlace) => [hello(token), new Uint8Array([0xff, 0xfe, 10])], 'E_FORMAT'],
    ['an unknown request', ({ token }: ControlPlace) => [hello(token), '{"id":2,"do":"format"}\n'], 'E_FORMAT'],
    ['an unknown field', ({ token }: ControlPlace) => [hello(token), '{"id":2,"do":"stop","force":true}\n'], 'E_FORMAT'],
    ['a line that is too long', ({ token }: ControlPlace) => [hello(token), 'x'.repeat(frameMaxBytes + 1)], 'E_LIMIT'],
    ['a line without end before the hello', () => ['x'.repeat(4 * frameMaxBytes)], 'E_LIMIT'],
  ] as const)('with %s is answered once and let go, and nothing happens', async (_, pieces, code) => {
    const { place, handlers, profile } = await serve();
    const heard = await say(place.address, pieces(place));
    expect(heard.trimEnd().split('\n').at(-1)).toContain(code);
    expect(handlers.stop).not.toHaveBeenCalled();
    expect(await (await connect(profile)).ask({ do: 'status' })).toEqual({ state: 'synced' });
  });

  test('one that takes nothing any more does not keep the agent from ending', async () => {
    const { place, server } = await serve();
    const stopped = net.connect(place.address);
    onTestFinished(() => void stopped.destroy());
    stopped.write(hello(place.token) + `${JSON.stringify({ id: 2, do: 'events' })}\n`);
    await new Promise((resolve) => stopped.once('data', resolve));
    stopped.pause();
    // More than the system keeps for it, less than the backlog it is let go for.
    for (let count = 0; count < 30; count += 1) server.tell({ event: 'noise', text: 'x'.repeat(100_000) });
    await server.close();
    expect(stopped.isPaused()).toBe(true);
  });

  test('a request in many pieces is one request', async () => {
    const { place, handlers } = await serve();
    const socket = net.connect(place.address);
    onTestFinished(() => void socket.destroy());
    const answered = new Promise((resolve) => {
      let heard = '';
      socket.on('data', (piece) => {
        heard += piece.toString();
        if (heard.split('\n').length > 2) resolve(heard);
      });
    });
    for (const byte of Buffer.from(`${hello(place.token)}{"id":2,"do":"pause"}\n`)) socket.write(new Uint8Array([byte]));
    expect(await answered).toContain('"id":2,"ok":true');
    expect(handlers.pause).toHaveBeenCalledOnce();
  });
});

describe('the place of the socket', () => {
  test('is for the owner alone', async () => {
    const { profile, place } = await serve();
    expect(fs.lstatSync(place.address).mode & 0o777).toBe(0o600);
    expect(fs.lstatSync(path.join(profile, 'agent.token')).mode & 0o777).toBe(0o600);
    expect(path.dirname(place.address)).toBe(profile);
  });

  test('is elsewhere where the path of the profile is too long, for each profile another', async () => {
    const runtime = await temporaryFolder();
    const env = { XDG_RUNTIME_DIR: runtime };
    const profiles = ['a', 'b'].map((name) => path.join(runtime, name.repeat(100)));
    const addresses = [];
    for (const profile of profiles) {
      fs.mkdirSync(profile, { mode: 0o700 });
      const { address } = await makeControlPlace(profile, { ...options, env }, systemRandom);
      expect(path.dirname(path.dirname(address))).toBe(runtime);
      expect(fs.lstatSync(path.dirname(address)).mode & 0o777).toBe(0o700);
      addresses.push(address);
    }
    expect(new Set(addresses).size).toBe(2);
  });

  test.each([
    ['a link', (address: string) => fs.symlinkSync('/dev/null', address)],
    ['a file', (address: string) => fs.writeFileSync(address, '')],
    ['a folder', (address: string) => fs.mkdirSync(address)],
  ])('that holds %s is refused by both sides', async (_, plant) => {
    const profile = await temporaryFolder();
    const { address } = await makeControlPlace(profile, options, systemRandom);
    plant(address);
    await expect(makeControlPlace(profile, options, systemRandom)).rejects.toMatchObject({ code: 'E_LOCAL_PERMS' });
    await expect(findControlPlace(profile, options)).rejects.toMatchObject({ code: 'E_LOCAL_PERMS' });
  });

  test('in a folder that others can enter, or that is a link, is refused', async () => {
    const runtime = await temporaryFolder();
    const elsewhere = { ...options, env: { XDG_RUNTIME_DIR: runtime } };
    const profile = path.join(runtime, 'p'.repeat(100));
    fs.mkdirSync(profile, { mode: 0o700 });
    const dir = path.dirname((await makeControlPlace(profile, elsewhere, systemRandom)).address);
    fs.chmodSync(dir, 0o777);
    await expect(makeControlPlace(profile, elsewhere, systemRandom)).rejects.toMatchObject({ code: 'E_LOCAL_PERMS' });
    fs.rmdirSync(dir);
    fs.symlinkSync(profile, dir);
    await expect(makeControlPlace(profile, elsewhere, systemRandom)).rejects.toMatchObject({ code: 'E_LOCAL_PERMS' });
  });

  test.skipIf(process.getuid?.() !== 0)('another user neither gets in nor can prepare it', async () => {
    const { place } = await serve();
    const attempt = `require('node:net').connect(process.argv[1]).on('connect', () => process.exit(0)).on('error', (error) => { console.log(error.code); process.exit(3); })`;
    const nobody = spawnSync(process.execPath, ['-e', attempt, place.address], { uid: 65_534, gid: 65_534, cwd: '/', encoding: 'utf8' });
    // Where even the program is out of reach for others, it fails before.
    expect(nobody.status).not.toBe(0);

    const profile = await temporaryFolder();
    const { address } = await makeControlPlace(profile, options, systemRandom);
    const planted = net.createServer().listen(address);
    onTestFinished(() => void planted.close());
    await new Promise((resolve) => planted.once('listening', resolve));
    fs.chownSync(address, 65_534, 65_534);
    await expect(makeControlPlace(profile, options, systemRandom)).rejects.toMatchObject({ code: 'E_LOCAL_PERMS' });
    await expect(findControlPlace(profile, options)).rejects.toMatchObject({ code: 'E_LOCAL_PERMS' });
  });
});
