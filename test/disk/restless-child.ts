// A process that places and moves without rest, until it is killed. Arguments: the folder, its mark.
import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { type ActOutcome, type DiskPath, type Observed, topPath } from '../../src/disk/disk.ts';
import { openNodeDisk } from '../../src/disk/node-disk.ts';

const [, , rootDir = '', mark = ''] = process.argv;
const disk = openNodeDisk({ rootDir, clock: systemClock, random: systemRandom, mark });
const at = (path: string): DiskPath => path as DiskPath;

function nowOf(outcome: ActOutcome): Observed {
  if (outcome === 'changed') throw new Error('somebody else is in this folder');
  return outcome.now;
}

await disk.checkRoot();
await disk.clearStaged();
const known = new Map<string, Observed>();
const listing = await disk.list(topPath);
if (typeof listing === 'object') for (const entry of listing.entries) known.set(entry.name, entry);

for (let round = 1; ; round += 1) {
  // Whole or not: every block of a file says the same.
  const block = Buffer.from(String(round).padStart(16, '0').repeat(4096));
  const staged = await disk.stage(block.length * 4);
  for (let part = 0; part < 4; part += 1) await staged.write(block, part * block.length);
  await staged.finish({ mtimeUs: round, executable: false, fromOutside: false });
  known.set('steady', nowOf(await disk.place(staged, at('steady'), known.get('steady') ?? 'absent')));

  const [from, to] = known.has('here') ? ['here', 'there'] : ['there', 'here'];
  const wanderer = known.get(from);
  if (wanderer !== undefined) {
    known.delete(from);
    known.set(to, nowOf(await disk.move(at(from), at(to), wanderer)));
  }
  if (round % 8 === 0) await disk.settle();
  if (round % 64 === 0) await disk.emptyTrash(0);
  process.stdout.write('.');
}
