/** One process of a long run: gets its order by message, tells what it finds, and ends. */
import { Coverage } from './coverage.ts';
import { searchHistories } from './search-histories.ts';
import type { SoakOrder, SoakReport } from './soak-messages.ts';

/** What was found in the last moment is made small all the same; but nobody waits for ever. */
const afterwardsMs = 120_000;

let isStopped = false;

function tell(report: SoakReport): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(report, undefined, {}, (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
}

async function work({ durationMs, historiesMax, ...seeds }: SoakOrder): Promise<void> {
  const endMs = performance.now() + durationMs;
  const coverage = new Coverage();
  const histories = await searchHistories({
    ...seeds,
    coverage,
    goesOn: (done) => !isStopped && done < historiesMax && performance.now() < endMs,
    makesSmall: () => !isStopped && performance.now() < endMs + afterwardsMs,
    found: (finding) => void tell({ what: 'found', finding }),
  });
  await tell({ what: 'done', histories, tables: coverage.tables });
  process.disconnect();
}

process.on('message', (message: SoakOrder | 'stop') => {
  if (message === 'stop') isStopped = true;
  else void work(message);
});
// Whoever asked for this is gone.
process.on('disconnect', () => process.exit());
// A person's Ctrl-C goes to all processes at once: the first one tells the others when to stop.
process.on('SIGINT', () => undefined);
