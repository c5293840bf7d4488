/**
 * How a store server of this network makes itself known, where it was asked to: DNS-SD over multicast DNS (RFC 6762, 6763). It
 * says that there is one, and at which port: no name of a person, a computer or a vault. Its address is the one that the answer
 * came from, and counts only where that is on one of this computer's own networks.
 */
import { BlockList } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';
import { z } from 'zod';

export const serverService = '_cachette._tcp.local';

/** A record of an answer, as `multicast-dns` takes it. */
export type LocalRecord =
  | { readonly name: string; readonly type: 'PTR'; readonly ttl: number; readonly data: string }
  | {
      readonly name: string;
      readonly type: 'SRV';
      readonly ttl: number;
      readonly data: { port: number; target: string; priority: number; weight: number };
    }
  | { readonly name: string; readonly type: 'TXT'; readonly ttl: number; readonly data: string[] };

/** Seconds that an answer is believed for. */
const believedSeconds = 120;
/** Of a packet: what is beyond that is nobody's honest answer. */
const recordsMax = 64;

/** `label`: tells servers of one network apart, and means nothing. `isGoing`: takes back what was said before. */
export function serverRecords(label: string, port: number, { isGoing = false } = {}): LocalRecord[] {
  const name = `${label}.${serverService}`;
  const ttl = isGoing ? 0 : believedSeconds;
  return [
    { name: serverService, type: 'PTR', ttl, data: name },
    { name, type: 'SRV', ttl, data: { port, target: `${label}.local`, priority: 0, weight: 0 } },
    { name, type: 'TXT', ttl, data: ['v=1'] },
  ];
}

const recordShape = z.object({ name: z.string().max(255), type: z.string(), ttl: z.number().optional(), data: z.unknown() });
const packetShape = z.object({
  answers: z.array(recordShape).max(recordsMax),
  additionals: z.array(recordShape).max(recordsMax).optional(),
});
const portShape = z.object({ port: z.int().min(1).max(65_535) });

/** Ports at which the sender of a packet says that it serves; anything else that it says is nothing to us. */
export function serverPorts(packet: unknown): number[] {
  const read = packetShape.safeParse(packet);
  if (!read.success) return [];
  const { answers, additionals = [] } = read.data;
  const ports = [...answers, ...additionals].flatMap(({ name, type, ttl = 0, data }) => {
    if (type !== 'SRV' || ttl === 0 || !name.toLowerCase().endsWith(`.${serverService}`)) return [];
    const told = portShape.safeParse(data);
    return told.success ? [told.data.port] : [];
  });
  return [...new Set(ports)];
}

const questionsShape = z.object({ questions: z.array(z.object({ name: z.string(), type: z.string() })).max(recordsMax) });

/** Whether somebody asks for store servers. */
export function asksForServers(packet: unknown): boolean {
  const read = questionsShape.safeParse(packet);
  if (!read.success) return false;
  return read.data.questions.some(({ name, type }) => name.toLowerCase() === serverService && (type === 'PTR' || type === 'ANY'));
}

type Interfaces = Readonly<Record<string, readonly Pick<NetworkInterfaceInfo, 'cidr' | 'family'>[] | undefined>>;

/** Whether an IPv4 address is of one of these networks (RFC 6762, section 11). */
export function isOnLink(address: string, interfaces: Interfaces): boolean {
  const networks = new BlockList();
  for (const { cidr, family } of Object.values(interfaces).flatMap((each) => each ?? [])) {
    const [net = '', bits = ''] = (cidr ?? '').split('/', 2);
    if (family === 'IPv4' && bits !== '') networks.addSubnet(net, Number(bits), 'ipv4');
  }
  return networks.check(address, 'ipv4');
}
