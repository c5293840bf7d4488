import type { WindowAnswers } from '../../control/answer-act.ts';
import { deviceAnswers } from './answer-devices.ts';
import { folderAnswers } from './answer-folders.ts';
import { ignoreRuleAnswers } from './answer-ignore-rules.ts';
import { historyAnswers } from './answer-history.ts';
import { overviewAnswers } from './answer-overview.ts';
import { settingsAnswers } from './answer-settings.ts';
import { setUpAnswers } from './answer-set-up.ts';
import { troubleAnswers } from './answer-troubles.ts';
import { verifyAnswers } from './answer-verify.ts';
import type { WindowDesk } from './window-desk.ts';

/** All that windows may ask of the agent of a profile. */
export function windowAnswers(desk: WindowDesk): WindowAnswers {
  return {
    ...overviewAnswers(desk),
    ...setUpAnswers(desk),
    ...folderAnswers(desk),
    ...ignoreRuleAnswers(desk),
    ...troubleAnswers(desk),
    ...historyAnswers(desk),
    ...deviceAnswers(desk),
    ...settingsAnswers(desk),
    ...verifyAnswers(desk),
  };
}
