/** What windows ask: checked on both ends, bounded in both directions, and no secret in any refusal. */
import net from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { systemRandom } from '../../src/base/random.ts';
import { windowActs, type WindowAct } from '../../src/control/acts/window-acts.ts';
import { answerAct } from '../../src/control/answer-act.ts';
import { ControlClient } from '../../src/control/control-client.ts';
import { makeControlPlace, type ControlPlace } from '../../src/control/control-place.ts';
import { ControlServer, type ControlHandlers } from '../../src/control/control-server.ts';
import { controlVersion } from '../../src/control/messages.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';

const options = { platform: process.platform, env: {} };

interface World {
  readonly server: ControlServer;
  readonly place: ControlPlace;
  readonly client: ControlClient;
}

async function serve(ask: ControlHandlers['ask']): Promise<World> {
  const profile = await temporaryFolder();
  const place = await makeControlPlace(profile, options, systemRandom);
  const never = (): never => {
    throw new Error('not asked for');
  };
  const handlers = new Proxy({ ask } as ControlHandlers, { get: (known, name) => (name === 'ask' ? known.ask : never) });
  const server = await ControlServer.start(place, handlers);
  onTestFinished(() => server.close());
  const client = await ControlClient.connect(profile, options);
  if (client === undefined) throw new Error('nobody listens');
  onTestFinished(() => client.close());
  return { server, place, client };
}

/** Speaks without the client: what a broken one would say. */
async function speak({ address, token }: ControlPlace): Promise<net.Socket> {
  const socket = net.connect(address);
  onTestFinished(() => void socket.destroy());
  socket.write(`${JSON.stringify({ id: 0, do: 'hello', version: controlVersion, token })}\n`);
  await new Promise((resolve) => socket.once('data', resolve));
  return socket;
}

const wrongQuestions: readonly unknown[] = [
  undefined,
  null,
  '',
  'text',
  0,
  -1,
  Number.MAX_VALUE,
  true,
  [],
  [{}],
  { surplus: 1 },
  { __proto__: { limit: 1 } },
  {
    path: 1,
    limit: 'many',
    folder: [],
    passphrase: {},
    store: 'file:///',
    minutes: 0.5,
    device: '../..',
    conflicts: 1,
    text: 7,
    key: null,
  },
  { path: 'a'.repeat(20_000), limit: 1, skip: 0 },
  { limit: 1_000_000 },
  { path: '', limit: -1 },
  { path: '', skip: -1, limit: 1 },
];

describe('acts', () => {
  test.each(Object.keys(windowActs) as WindowAct[])('%s refuses what it does not take, before anything is done', async (act) => {
    const answer = vi.fn(() => ({}));
    for (const asked of wrongQuestions) {
      // Some acts take nothing, or an unknown one of the above may happen to be right: then it is passed on as it is.
      if (windowActs[act].ask.safeParse(asked).success) continue;
      await expect(answerAct({ [act]: answer }, act, asked)).rejects.toMatchObject({ code: 'E_FORMAT' });
    }
    expect(answer).not.toHaveBeenCalled();
    expect(({} as { limit?: number }).limit).toBeUndefined();
  });

  test('a wrong question is refused without being repeated, and the connection goes on', async () => {
    const { client, place } = await serve(({ act, asked }) =>
      answerAct({ unlock: () => ({}), 'suggest-passphrase': () => ({ passphrase: 'x' }) }, act, asked),
    );
    const secret = 'correct horse battery staple';
    const socket = await speak(place);
    socket.write(`${JSON.stringify({ id: 1, do: 'ask', act: 'unlock', asked: { passphrase: { [secret]: secret } } })}\n`);
    const said = String(await new Promise((resolve) => socket.once('data', resolve)));
    expect(said).toContain('E_FORMAT');
    expect(said).not.toContain('horse');
    socket.write(`${JSON.stringify({ id: 2, do: 'ask', act: 'unlock', asked: { passphrase: secret } })}\n`);
    expect(String(await new Promise((resolve) => socket.once('data', resolve)))).toBe('{"id":2,"ok":true,"result":{}}\n');
    expect(await client.askWindow('suggest-passphrase', {})).toEqual({ passphrase: 'x' });
  });

  test('an act that there is none of ends the connection', async () => {
    const { place } = await serve(() => ({}));
    const socket = await speak(place);
    socket.write(`${JSON.stringify({ id: 1, do: 'ask', act: 'constructor', asked: {} })}\n`);
    expect(String(await new Promise((resolve) => socket.once('data', resolve)))).toContain('E_FORMAT');
    await new Promise((resolve) => socket.once('close', resolve));
  });

  test('a wrong answer is told as our own fault, and neither end takes it for an answer', async () => {
    const wrong = { is: 'unlinked', secret: 'hunter2' } as unknown as { is: 'unlinked' };
    const checked = await serve(({ act, asked }) => answerAct({ overview: () => wrong }, act, asked));
    await expect(checked.client.askWindow('overview', {})).rejects.toMatchObject({
      code: 'E_FAILED',
      message: expect.not.stringContaining('hunter2') as string,
    });
    const unchecked = await serve(() => wrong);
    await expect(unchecked.client.askWindow('overview', {})).rejects.toMatchObject({ code: 'E_FORMAT' });
  });
});

describe('too much', () => {
  test('in one question is refused before it is sent, and nothing else suffers', async () => {
    const { client } = await serve(() => ({}));
    const folders = Array.from({ length: 10_000 }, () => 'a folder with a rather long name/'.repeat(10));
    await expect(client.askWindow('choose', { include: folders, exclude: [] })).rejects.toMatchObject({ code: 'E_LIMIT' });
    expect(await client.askWindow('unlink', {})).toEqual({});
  });

  test('in one answer is refused as such', async () => {
    const { client } = await serve(() => ({ text: 'x'.repeat(9 * 1024 * 1024) }));
    await expect(client.askWindow('diagnose', {})).rejects.toMatchObject({ code: 'E_LIMIT' });
  });

  test('asked at once waits for its turn: a flood is worked off in small portions, and others are heard meanwhile', async () => {
    const gate = Promise.withResolvers<void>();
    let [open, openMost, isFlooding] = [0, 0, true];
    const { client, place } = await serve(async ({ act }) => {
      if (act !== 'diagnose') return {};
      open += 1;
      openMost = Math.max(openMost, open);
      await gate.promise;
      open -= 1;
      return { text: 'x' };
    });
    const socket = await speak(place);
    let answers = 0;
    const all = new Promise<void>((resolve) => {
      socket.on('data', (piece) => {
        answers += piece.toString().split('\n').length - 1;
        if (answers === 20_000) resolve();
      });
    });
    for (let id = 1; id <= 20_000; id += 1) socket.write(`{"id":${id},"do":"ask","act":"diagnose","asked":{}}\n`);
    expect(await client.askWindow('unlink', {})).toEqual({});
    isFlooding = answers < 20_000;
    gate.resolve();
    await all;
    expect({ isFlooding, openMost }).toEqual({ isFlooding: true, openMost: 64 });
  });

  test('for one who never reads: it is let go, and others are served', async () => {
    const { client, place } = await serve(({ act }) => (act === 'diagnose' ? { text: 'x'.repeat(4 * 1024 * 1024) } : {}));
    const socket = await speak(place);
    socket.pause();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    for (let id = 1; id <= 40; id += 1) socket.write(`{"id":${id},"do":"ask","act":"diagnose","asked":{}}\n`);
    expect(await client.askWindow('unlink', {})).toEqual({});
    socket.resume();
    await closed;
    expect(await client.askWindow('unlink', {})).toEqual({});
  });
});

test('news go to those who listen, and to nobody else', async () => {
  const { client, server } = await serve(() => ({}));
  const heard: unknown[] = [];
  server.tellWindows({ event: 'folders' });
  await client.listen((news) => heard.push(news));
  server.tell({ event: 'state', state: 'synced' });
  server.tellWindows({ event: 'state' });
  server.tellWindows({ event: 'join-code', code: 'ABC' });
  await client.askWindow('unlink', {});
  expect(heard).toEqual([{ event: 'state' }, { event: 'join-code', code: 'ABC' }]);
});
