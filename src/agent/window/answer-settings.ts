/** What may be set on this device. */
import type { WindowAnswers } from '../../control/answer-act.ts';
import { removeProfile } from '../remove-profile.ts';
import type { WindowDesk } from './window-desk.ts';

export function settingsAnswers(desk: WindowDesk): Pick<WindowAnswers, 'unlink'> {
  return {
    unlink: async () => {
      await desk.whileClosed(() => removeProfile(desk.host));
      return {};
    },
  };
}
