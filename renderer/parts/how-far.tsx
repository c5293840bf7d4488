/** How far something is. */
import type { ReactNode } from 'react';
import { ProgressBar } from 'react-aria-components/ProgressBar';

/** `fraction`: 0 to 1; undefined: nobody can tell. */
export function HowFar({ label, fraction }: { readonly label: string; readonly fraction: number | undefined }): ReactNode {
  const percent = Math.min(100, Math.max(0, (fraction ?? 0) * 100));
  return (
    <ProgressBar className="how-far" aria-label={label} isIndeterminate={fraction === undefined} value={percent}>
      <svg className="how-far-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <rect className="how-far-track" width="100" height="4" />
        <rect
          className={fraction === undefined ? 'how-far-unknown' : 'how-far-done'}
          width={fraction === undefined ? 30 : percent}
          height="4"
        />
      </svg>
    </ProgressBar>
  );
}
