/** Prints what README.md beside it shows. `node test/outage/show-herd.ts [clients [watch|poll]]`: a hundred thousand take minutes. */
import { type HerdPlan, type HerdReport, runHerd } from './herd.ts';

// Failures are thrown by the million here, and nobody looks where.
Error.stackTraceLimit = 0;
const clients = Number(process.argv[2] ?? 100_000);
const plan = { clients, wellMinutes: 4, awayMinutes: 120, backMinutes: 15, capacityPerSecond: clients / 10 } as const;

/** Parts of the time, in seconds from when the store went away or came back. */
const parts = [
  ['before', -120, 0],
  ['it is away: first 10 s', 0, 10],
  ['rest of the first minute', 10, 60],
  ['minutes 2 to 5', 60, 300],
  ['minutes 6 to 15', 300, 900],
  ['second hour', 3600, 7200],
  ['it is back: first 10 s', 7200, 7210],
  ['rest of the first minute', 7210, 7260],
  ['minutes 2 to 5', 7260, 7500],
  ['minutes 6 to 10', 7500, 7800],
  ['minutes 11 to 15', 7800, 8100],
] as const;

for (const [title, how] of [
  ['Told by the server (its own `cachette serve`); it takes no connections for two hours', { news: 'watch', away: 'silent' }],
  [
    'Asking every 30 to 120 seconds (S3, WebDAV); two hours of `503` with `Retry-After: 120`',
    { news: 'poll', away: { retryAfterSeconds: 120 } },
  ],
] as const satisfies readonly (readonly [string, Pick<HerdPlan, 'news' | 'away'>])[]) {
  if (process.argv[3] !== undefined && process.argv[3] !== how.news) continue;
  const report = await runHerd({ ...plan, ...how });
  console.log(
    `\n${clients.toLocaleString('en')} clients. ${title}:\n\n${table(report)}\n\nThe last client was back after ${Math.round(report.allBackSeconds)} seconds.`,
  );
}

function table({ perSecond }: HerdReport): string {
  const rows = parts.map(([name, from, to]) => {
    const part = perSecond.slice(plan.wellMinutes * 60 + from, plan.wellMinutes * 60 + to);
    const mean = part.reduce((sum, count) => sum + count, 0) / part.length;
    return { name, mean, most: Math.max(...part) };
  });
  const largest = Math.max(...rows.map(({ mean }) => mean));
  const shown = (count: number): string => Math.round(count).toLocaleString('en');
  return [
    '| | requests a second | most in one second | |',
    '| --- | ---: | ---: | --- |',
    ...rows.map(
      ({ name, mean, most }) => `| ${name} | ${shown(mean)} | ${shown(most)} | ${'█'.repeat(Math.ceil((mean / largest) * 40))} |`,
    ),
  ].join('\n');
}
