/** A list that came, that is empty, that is on its way, or that could not be had. */
import type { ReactNode } from 'react';
import { Action } from './action.tsx';
import { Waiting } from './empty-state.tsx';
import { FailureNotice } from './notice.tsx';
import { useSurroundings } from './surroundings.tsx';
import type { Pages } from './use-pages.ts';

export function ListState({
  pages,
  empty,
  children,
}: {
  readonly pages: Pages<unknown>;
  readonly empty: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  const { t } = useSurroundings();
  const { rows, failure, again } = pages;
  const trouble =
    failure === undefined ? null : (
      <div className="list-trouble">
        <FailureNotice failure={failure}>
          <div>
            <Action icon="retry" onPress={again}>
              {t('words.try-again')}
            </Action>
          </div>
        </FailureNotice>
      </div>
    );
  if (rows === undefined) return trouble ?? <Waiting label={t('words.loading')} />;
  return (
    <>
      {trouble}
      {rows.length === 0 ? empty : children}
    </>
  );
}
