/** Every window of the app is this page; which one stands in its address. */
import './parts/base.css';
import './parts/controls.css';
import './parts/blocks.css';
import { Suspense, lazy, useEffect, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import type { WindowName } from '../src/control/acts/shell-acts.ts';
import { FaultBoundary } from './parts/fault-boundary.tsx';
import { SurroundingsProvider, useSurroundings } from './parts/surroundings.tsx';
import { useCloseKeys } from './parts/use-close-keys.ts';

/** Loaded when shown: the small status window pays for nothing of the others. */
const windows = {
  status: lazy(async () => ({ default: (await import('./status/status-window.tsx')).StatusWindow })),
  'set-up': lazy(async () => ({ default: (await import('./set-up/set-up-window.tsx')).SetUpWindow })),
  settings: lazy(async () => ({ default: (await import('./settings/settings-window.tsx')).SettingsWindow })),
  conflicts: lazy(async () => ({ default: (await import('./conflicts/conflicts-window.tsx')).ConflictsWindow })),
  history: lazy(async () => ({ default: (await import('./history/history-window.tsx')).HistoryWindow })),
} as const satisfies Partial<Record<WindowName, unknown>>;

const asked = new URLSearchParams(window.location.search).get('window') ?? '';
const name: keyof typeof windows = Object.hasOwn(windows, asked) ? (asked as keyof typeof windows) : 'status';

function Shown(): ReactNode {
  const { t } = useSurroundings();
  const title = t(`title.${name}`);
  useEffect(() => {
    document.title = title;
  }, [title]);
  useCloseKeys(name);
  const Window = windows[name];
  return (
    <FaultBoundary>
      <Suspense fallback={null}>
        <Window />
      </Suspense>
    </FaultBoundary>
  );
}

const place = document.querySelector('#window');
if (place === null) throw new Error('index.html has no #window');
createRoot(place).render(
  <SurroundingsProvider>
    <Shown />
  </SurroundingsProvider>,
);
