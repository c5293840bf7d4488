/** All that a window may ask of the agent, by name: what is asked, what is answered. Failures are answers of their own. */
import type { z } from 'zod';
import { deviceActs } from './device-acts.ts';
import { folderActs } from './folder-acts.ts';
import { historyActs } from './history-acts.ts';
import { overviewActs } from './overview-acts.ts';
import { setUpActs } from './set-up-acts.ts';
import { settingsActs } from './settings-acts.ts';
import { troubleActs } from './trouble-acts.ts';
import { verifyActs } from './verify-acts.ts';

export const windowActs = {
  ...overviewActs,
  ...setUpActs,
  ...folderActs,
  ...troubleActs,
  ...historyActs,
  ...deviceActs,
  ...settingsActs,
  ...verifyActs,
} as const;

export type WindowAct = keyof typeof windowActs;
/** What goes with the act's name. */
export type Asked<Act extends WindowAct> = z.output<(typeof windowActs)[Act]['ask']>;
export type Answered<Act extends WindowAct> = z.output<(typeof windowActs)[Act]['answer']>;
