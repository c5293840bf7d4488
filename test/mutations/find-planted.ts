/** Runs in the copy that a bug was planted in: looks for a history that fails, and says how many it took. */
import { searchHistories, type Finding } from '../simulation/search-histories.ts';
import { kinds, type Kind } from '../simulation/trouble.ts';

const [wanted = 'all', histories = '1', firstSeed = '1'] = process.argv.slice(2);
const wantedKinds = wanted === 'all' ? (Object.keys(kinds) as Kind[]) : (JSON.parse(wanted) as Kind[]);
let finding: Finding | undefined;
const count = await searchHistories({
  kinds: wantedKinds,
  firstSeed: Number(firstSeed),
  seedStep: 1,
  makesSmall: false,
  goesOn: (done) => finding === undefined && done < Number(histories),
  found: (found) => {
    finding = found;
  },
});
process.stdout.write(
  `${JSON.stringify({ count, finding: finding === undefined ? undefined : { kind: finding.kind, seed: finding.seed, sign: finding.sign } })}\n`,
);
