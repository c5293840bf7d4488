import type { Scenario } from './scenario.ts';
import { createScenarios } from './topics/creates.ts';
import { massScenarios, resolveScenarios } from './topics/deciding.ts';
import { deleteScenarios } from './topics/deletes.ts';
import { editScenarios } from './topics/edits.ts';
import { ignoreScenarios } from './topics/ignoring.ts';
import { joinScenarios } from './topics/joins.ts';
import { metadataScenarios } from './topics/metadata.ts';
import { moveAgainstScenarios, moveScenarios } from './topics/moves.ts';
import { nameScenarios } from './topics/names.ts';
import { offlineScenarios } from './topics/offline.ts';
import { saveScenarios } from './topics/saves.ts';
import { severalScenarios, trashScenarios } from './topics/several.ts';
import { killScenarios, lostIndexScenarios, troubleScenarios } from './topics/troubles.ts';

/** Every scenario there is, by topic. */
export const allScenarios: Readonly<Record<string, readonly Scenario[]>> = {
  'two edits of one file': editScenarios,
  deletes: deleteScenarios,
  'the same name made on both, and kinds that change': createScenarios,
  'moves and renames': moveScenarios,
  'moves and renames against what others do': moveAgainstScenarios,
  'how programs save': saveScenarios,
  'done while nobody looked': offlineScenarios,
  'a filled folder joins': joinScenarios,
  'times, bits, links and empty things': metadataScenarios,
  names: nameScenarios,
  'what .cachetteignore says': ignoreScenarios,
  'conflicts are decided': resolveScenarios,
  'a mass change': massScenarios,
  'what goes wrong': troubleScenarios,
  'the index is lost': lostIndexScenarios,
  'killed in the middle': killScenarios,
  'three to five devices': severalScenarios,
  'the trash': trashScenarios,
};
