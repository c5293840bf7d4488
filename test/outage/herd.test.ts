import { describe, expect, test } from 'vitest';
import { runHerd, type HerdPlan } from './herd.ts';

const minutes = 60;
const plan = { clients: 300, wellMinutes: 5, awayMinutes: 60, backMinutes: 15, capacityPerSecond: 60 } as const;

function most(perSecond: readonly number[], fromMinute: number, toMinute: number): number {
  return Math.max(...perSecond.slice(fromMinute * minutes, toMinute * minutes));
}

function mean(perSecond: readonly number[], fromMinute: number, toMinute: number): number {
  const part = perSecond.slice(fromMinute * minutes, toMinute * minutes);
  return part.reduce((sum, count) => sum + count, 0) / part.length;
}

describe.each<Pick<HerdPlan, 'news' | 'away'>>([
  { news: 'watch', away: 'silent' },
  { news: 'watch', away: { retryAfterSeconds: 120 } },
  { news: 'poll', away: 'silent' },
  { news: 'poll', away: { retryAfterSeconds: 120 } },
])('three hundred clients of one store ($news, $away) that goes away for an hour', (how) => {
  test('ask ever more rarely, come back spread out, and are all back within minutes', async () => {
    const { perSecond, servedPerSecond, allBackSeconds } = await runHerd({ ...plan, ...how });
    const [awayAt, backAt, endAt] = [plan.wellMinutes, plan.wellMinutes + plan.awayMinutes, 80];
    // All of them lost their connection in one moment: no second brings more than every third.
    expect(most(perSecond, awayAt, awayAt + 1)).toBeLessThan(plan.clients / 3);
    // One probe of each client, and one of its agent, in five minutes at most often.
    expect(mean(perSecond, awayAt + 15, backAt)).toBeLessThan(plan.clients / 150);
    expect(mean(perSecond, awayAt + 15, backAt)).toBeGreaterThan(plan.clients / 600);
    // What comes when it is back is no more than what it can serve, and not much more than on a quiet day.
    expect(most(perSecond, backAt, endAt)).toBeLessThan(plan.capacityPerSecond);
    expect(mean(servedPerSecond, backAt, endAt)).toBeGreaterThan(0);
    expect(allBackSeconds).toBeLessThan(8 * minutes);
  });
});

test('clients also come back to a store that can serve only a few of them at a time', async () => {
  const capacityPerSecond = 15;
  const herd = await runHerd({ ...plan, news: 'poll', away: 'silent', capacityPerSecond, awayMinutes: 30 });
  const backAt = plan.wellMinutes + 30;
  expect(most(herd.servedPerSecond, backAt, backAt + 15)).toBeLessThanOrEqual(capacityPerSecond);
  expect(mean(herd.perSecond, backAt, backAt + 15)).toBeLessThan(2 * capacityPerSecond);
  expect(herd.allBackSeconds).toBeLessThan(15 * minutes);
});
