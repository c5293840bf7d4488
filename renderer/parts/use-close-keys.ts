/** Keys that close a window where no menu of the system does. */
import { useEffect } from 'react';
import type { WindowName } from '../../src/control/acts/shell-acts.ts';

/** As a click on its cross. Escape for the small one, which is looked at and put away; what lies over it takes Escape for itself. */
export function useCloseKeys(name: WindowName): void {
  useEffect(() => {
    const heed = (event: KeyboardEvent): void => {
      const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
      const isClose = (isCommand && event.key === 'w') || (name === 'status' && event.key === 'Escape' && !event.defaultPrevented);
      if (!isClose) return;
      event.preventDefault();
      window.close();
    };
    window.addEventListener('keydown', heed);
    return () => window.removeEventListener('keydown', heed);
  }, [name]);
}
