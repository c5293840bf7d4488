/** The app's end of its agent, whatever that one does: hangs up, hangs, does not end. */
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { systemRandom } from '../../src/base/random.ts';
import { makeControlPlace } from '../../src/control/control-place.ts';
import { AgentProcess, type AgentCondition } from '../../src/desktop/main/agent-process.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';

const endMs = 300;
const waits = { interval: 50 };

/** Says its process id; takes no signal that asks it to end; hangs up, and listens again, when it is asked to look. */
const stubborn = `
import { randomBytes } from 'node:crypto';
import { makeControlPlace } from '${path.resolve('src/control/control-place.ts')}';
import { ControlServer } from '${path.resolve('src/control/control-server.ts')}';
const place = await makeControlPlace(process.argv[2], process, { bytes: (count) => randomBytes(count) });
let server;
const listen = async () => {
  server = await ControlServer.start(place, { status: () => ({ pid: process.pid }), select: () => void setTimeout(again, 10) });
};
const again = async () => {
  await server.close();
  await listen();
};
await listen();
process.on('SIGTERM', () => {});
process.stdin.resume();
`;

interface Begun {
  readonly agent: AgentProcess;
  readonly told: AgentCondition['is'][];
  readonly dir: string;
}

async function begin(source: string, patienceMs = endMs): Promise<Begun> {
  const profileDir = await temporaryFolder();
  const told: AgentCondition['is'][] = [];
  const program = path.join(profileDir, 'fake-agent.mjs');
  fs.writeFileSync(program, source);
  const command = { program: process.execPath, args: [program, profileDir], env: process.env, profileDir };
  const agent = new AgentProcess(command, { onNews: () => {}, onCondition: ({ is }) => void told.push(is) }, patienceMs);
  agent.start();
  onTestFinished(() => agent.end());
  return { agent, told, dir: profileDir };
}

async function pidOf(agent: AgentProcess): Promise<number | undefined> {
  const said = await agent.askPlainly({ do: 'status' }).catch(() => undefined);
  return (said as { pid: number } | undefined)?.pid;
}

test('an agent that does not end when it is asked to is ended, and another one started', async () => {
  const { agent } = await begin(stubborn);
  await expect.poll(() => pidOf(agent), waits).toBeTypeOf('number');
  const pid = await pidOf(agent);
  agent.restart();
  await expect.poll(async () => (await pidOf(agent)) ?? pid, waits).not.toBe(pid);
});

test('an agent is asked to end once: asked again, it would leave its work as it is', async () => {
  const source = `
    ${stubborn}
    import fs from 'node:fs';
    const at = (name) => process.argv[2] + '/' + name;
    process.on('SIGTERM', () => fs.appendFileSync(at('asked'), '.'));
    // What it has to put away takes until then.
    setInterval(() => fs.existsSync(at('done')) && setTimeout(() => process.exit(), 50), 20);
  `;
  const { agent, dir } = await begin(source, 60_000);
  const asked = (): string => fs.readFileSync(path.join(dir, 'asked'), 'utf8');
  await expect.poll(() => pidOf(agent), waits).toBeTypeOf('number');
  agent.restart();
  await expect.poll(() => fs.existsSync(path.join(dir, 'asked')), waits).toBe(true);
  const ended = agent.end();
  fs.writeFileSync(path.join(dir, 'done'), '');
  await ended;
  expect(asked()).toBe('.');
});

test('an agent that hung up and lives is called again', async () => {
  const { agent, told } = await begin(stubborn);
  await expect.poll(() => pidOf(agent), waits).toBeTypeOf('number');
  const pid = await pidOf(agent);
  await agent.askPlainly({ do: 'select' });
  await expect.poll(() => told.slice(-2), waits).toEqual(['restarting', 'running']);
  expect(await pidOf(agent)).toBe(pid);
});

test('quitting does not wait for an agent of a command line that hangs', async () => {
  const profileDir = await temporaryFolder();
  const { address } = await makeControlPlace(profileDir, { platform: process.platform, env: {} }, systemRandom);
  const mute = net.createServer((socket) => socket.on('error', () => {}));
  await new Promise<void>((resolve) => mute.listen(address, resolve));
  fs.chmodSync(address, 0o600);
  const command = { program: 'never-started', args: [], env: process.env, profileDir };
  const agent = new AgentProcess(command, { onNews: () => {}, onCondition: () => {} }, endMs);
  const called = new Promise<net.Socket>((resolve) => mute.once('connection', resolve));
  agent.start();
  const connection = await called;
  const hungUp = vi.fn();
  connection.once('end', hungUp).resume();
  await agent.end();
  // It is still being waited for, and will be for longer. A hanging up would have come before another call.
  const another = new Promise<net.Socket>((resolve) => mute.once('connection', resolve));
  net.connect(address).on('error', () => {});
  (await another).destroy();
  expect(hungUp).not.toHaveBeenCalled();
  mute.close();
});

test('a program that can not be started is no end of the app', async () => {
  const profileDir = await temporaryFolder();
  const command = { program: path.join(profileDir, 'nothing'), args: [], env: {}, profileDir };
  const agent = new AgentProcess(command, { onNews: () => {}, onCondition: () => {} }, endMs);
  agent.start();
  await expect.poll(() => agent.condition.why).toContain('ENOENT');
  await agent.end();
});
