/** How large text is: as the person said in the settings, or with the keys that do it everywhere. */
import { useEffect } from 'react';
import { askShell } from './bridge.ts';
import type { TextSize } from '../../src/control/acts/text-sizes.ts';
import { textSizeAfter } from './text-size-step.ts';

/** Of the whole page, as everything is measured by it: base.css says the usual one. */
export function rootSize(size: TextSize): string {
  return `${0.875 * size}%`;
}

/** In every window, for all of them. */
export function useTextSizeKeys(now: TextSize | undefined): void {
  useEffect(() => {
    if (now === undefined) return undefined;
    const heed = (event: KeyboardEvent): void => {
      if (event.altKey || !(event.ctrlKey || event.metaKey)) return;
      const textSize = textSizeAfter(event.key, now);
      if (textSize === undefined) return;
      event.preventDefault();
      if (textSize !== now) void askShell('change-preferences', { textSize });
    };
    window.addEventListener('keydown', heed);
    return () => window.removeEventListener('keydown', heed);
  }, [now]);
}
