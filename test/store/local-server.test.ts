/** Store servers of this network: what they say, what is made of it, and both of them on this computer's own network. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import dnsPacket from 'dns-packet';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { announceServer } from '../../src/server/announce-server.ts';
import { findLocalServers, type LocalServer } from '../../src/store/server/find-local-servers.ts';
import { asksForServers, isOnLink, serverPorts, serverRecords, serverService } from '../../src/store/server/local-server.ts';

const service = serverService;

describe('what a server says', () => {
  test('is its port and nothing that anybody could be told by', () => {
    const records = serverRecords('cachette-00ff00ff', 8440);
    expect(serverPorts({ answers: records })).toEqual([8440]);
    expect(
      JSON.stringify(records)
        .match(/[A-Za-z0-9_.=-]+/g)
        ?.filter((word) => !/^(?:name|type|ttl|data|PTR|SRV|TXT|port|target|priority|weight|120|0|8440|v=1)$/.test(word)),
    ).toEqual([
      service,
      `cachette-00ff00ff.${service}`,
      `cachette-00ff00ff.${service}`,
      'cachette-00ff00ff.local',
      `cachette-00ff00ff.${service}`,
    ]);
    expect(serverPorts({ answers: serverRecords('x', 8440, { isGoing: true }) })).toEqual([]);
  });

  test('is read from additional records, too, once for each port', () => {
    const [pointer, place] = serverRecords('a', 1);
    expect(serverPorts({ answers: [pointer], additionals: [place, place] })).toEqual([1]);
  });

  test.each([
    ['nothing', undefined],
    ['no packet', 'x'],
    ['no answers', { answers: 'x' }],
    ['another service', { answers: [{ name: 'a._http._tcp.local', type: 'SRV', ttl: 9, data: { port: 80 } }] }],
    ['a name that only ends alike', { answers: [{ name: `evil${service}`, type: 'SRV', ttl: 9, data: { port: 80 } }] }],
    ['port 0', { answers: [{ name: `a.${service}`, type: 'SRV', ttl: 9, data: { port: 0 } }] }],
    ['a port beyond all', { answers: [{ name: `a.${service}`, type: 'SRV', ttl: 9, data: { port: 65_536 } }] }],
    ['a port in words', { answers: [{ name: `a.${service}`, type: 'SRV', ttl: 9, data: { port: '80' } }] }],
    ['no port', { answers: [{ name: `a.${service}`, type: 'SRV', ttl: 9, data: null }] }],
    ['very much', { answers: Array.from({ length: 65 }, () => serverRecords('a', 1)[1]) }],
  ])('of %s there is nothing to find', (_what, packet) => {
    expect(serverPorts(packet)).toEqual([]);
  });

  test('is asked for by its service alone', () => {
    const asks = (name: string, type: string): boolean => asksForServers({ questions: [{ name, type }] });
    expect([asks(service, 'PTR'), asks(service.toUpperCase(), 'ANY'), asks(service, 'A'), asks('_http._tcp.local', 'PTR')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(asksForServers({ questions: 7 })).toBe(false);
  });

  test('counts only from a network that this computer is in', () => {
    const interfaces = {
      lan: [
        { cidr: '192.168.1.20/24', family: 'IPv4' as const },
        { cidr: 'fd00::2/64', family: 'IPv6' as const },
      ],
      odd: [{ cidr: null, family: 'IPv4' as const }],
      none: undefined,
    };
    expect(['192.168.1.7', '192.168.2.7', '8.8.8.8', 'fd00::3'].map((address) => isOnLink(address, interfaces))).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

/** A port that nobody else has: multicast goes to everybody who listens at it. */
async function ownPlace(): Promise<{ readonly interface: string; readonly bind: string; readonly port: number }> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return { interface: '127.0.0.1', bind: '0.0.0.0', port };
}

/** Both ends are in this process: where it was held up meanwhile, what has come by then is read before the waiting is over. */
const clock: Clock = {
  ...systemClock,
  sleep: async (delayMs, signal) => {
    await systemClock.sleep(delayMs, signal);
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  },
};

describe('on this computer', () => {
  const signal = new AbortController().signal;

  test('one that announces itself is found, until it is closed', async () => {
    const place = await ownPlace();
    const troubles: Error[] = [];
    const find = (): Promise<LocalServer[]> => findLocalServers({ clock, signal, place });
    const announced = announceServer({ port: 8440, random: systemRandom, onTrouble: (error) => troubles.push(error), place });
    expect(await find()).toEqual([{ host: '127.0.0.1', port: 8440 }]);
    await announced.close();
    expect([await find(), troubles]).toEqual([[], []]);
  });

  test('who answers nonsense is not found, and harms nobody', async () => {
    const place = await ownPlace();
    const liar = createSocket({ type: 'udp4', reuseAddr: true });
    onTestFinished(() => void liar.close());
    liar.bind(place.port, '0.0.0.0');
    await once(liar, 'listening');
    liar.addMembership('224.0.0.251', '127.0.0.1');
    liar.setMulticastInterface('127.0.0.1');
    const answers = [
      Buffer.from([0xff]),
      Buffer.alloc(9000, 0xc0),
      // A name that points to itself.
      Buffer.from([0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0xc0, 12, 0, 33, 0, 1, 0, 0, 0, 9, 0, 2, 0xc0, 12]),
      dnsPacket.encode({
        type: 'response',
        answers: [{ name: `x.${service}`, type: 'SRV', ttl: 9, data: { port: 0, target: 'evil.example' } }],
      }),
      dnsPacket.encode({
        type: 'response',
        answers: [{ name: 'x._http._tcp.local', type: 'SRV', ttl: 9, data: { port: 80, target: 'evil.example' } }],
      }),
    ];
    liar.on('message', (message) => {
      if (message[2] === 0) for (const answer of answers) liar.send(answer, place.port, '224.0.0.251');
    });
    expect(await findLocalServers({ clock, signal, place })).toEqual([]);
  });
});
