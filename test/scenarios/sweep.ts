/** One thing that goes wrong, at one call of an engine to its disk or store: all that there are for a run, and a fair sample of them. */
import { isPointedLook, type PortCall } from '../simulation/sim-process.ts';
import type { SeededChoice } from '../world/seeded-choice.ts';
import type { Fault, Race, Trouble } from './sim-world.ts';

export const sweepKinds = ['kill', 'power', 'fail', 'race', 'lose'] as const;
export type SweepKind = (typeof sweepKinds)[number];

const races: readonly Race[] = ['write', 'save', 'remove', 'move'];
const errnos = ['EIO', 'EACCES', 'EBUSY'];
const errnosOfWrites = ['ENOSPC', 'EMFILE'];

/** Every fault of the kind that can strike at these calls. */
export function faultsOf(kind: SweepKind, calls: readonly PortCall[]): readonly Fault[] {
  return calls.flatMap((call, at) => troublesAt(kind, call, calls[at - 1]).map((trouble) => ({ at, trouble })));
}

function troublesAt(kind: SweepKind, call: PortCall, before: PortCall | undefined): readonly Trouble[] {
  const isRequest = call.port === 'store' && !call.isDone;
  switch (kind) {
    case 'kill':
      return [{ do: 'kill' }];
    case 'power':
      return [{ do: 'power' }];
    case 'fail':
      if (call.port === 'store' || call.verb === 'writePin') return [];
      return [...errnos, ...(call.mutates ? errnosOfWrites : [])].map((errno) => ({ do: 'fail', errno }));
    case 'race':
      return (call.port === 'disk' && call.mutates && isVisible(call)) || isPointedLook(call, before)
        ? races.map((how) => ({ do: 'race', how }))
        : [];
    case 'lose':
      return isRequest ? [{ do: 'lose-request' }, { do: 'lose-answer' }] : [];
  }
}

/** Whether it is about something that people see. */
export function isVisible({ path, toPath }: Pick<PortCall, 'path' | 'toPath'>): boolean {
  return [path, toPath].some((each) => each !== undefined && each !== '' && !/(^|\/)\.cachette/.test(each));
}

/** At most so many of the items, each with the same chance. */
export function sampleOf<Item>(items: readonly Item[], count: number, choice: SeededChoice): readonly Item[] {
  if (count >= items.length) return items;
  const left = [...items];
  return Array.from({ length: count }, () => left.splice(choice.below(left.length), 1)).flat();
}

/** The fault in few words; with the scenario's name, all that is needed to see it again. */
export function describeFault({ at, trouble }: Fault): string {
  const detail = 'how' in trouble ? ` ${trouble.how}` : 'errno' in trouble ? ` ${trouble.errno}` : '';
  return `${trouble.do}${detail} at ${at}`;
}
