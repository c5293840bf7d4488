/** Where a window can't be drawn: words and a way on, in the place of nothing at all. */
import { Component, type ReactNode } from 'react';
import { Action } from './action.tsx';
import { EmptyState } from './empty-state.tsx';
import { useSurroundings } from './surroundings.tsx';

/** React asks for a class here, and empties the page where there is none. */
export class FaultBoundary extends Component<{ readonly children: ReactNode }, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { readonly hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    return this.state.hasFailed ? <Broken /> : this.props.children;
  }
}

function Broken(): ReactNode {
  const { t } = useSurroundings();
  return (
    <main className="broken-window" role="alert">
      <EmptyState icon="alert" title={t('window.broken')}>
        <p>{t('window.broken-detail')}</p>
        <Action kind="main" icon="retry" onPress={() => window.location.reload()}>
          {t('window.show-again')}
        </Action>
      </EmptyState>
    </main>
  );
}
