/** A list that came, that is empty, that is on its way, or that could not be had. */
import type { ReactNode } from 'react';
import { Waiting } from './empty-state.tsx';
import { FailedRead } from './failed-read.tsx';
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
  const trouble = failure === undefined ? null : <FailedRead failure={failure} again={again} />;
  if (rows === undefined) return trouble ?? <Waiting label={t('words.loading')} />;
  return (
    <>
      {trouble}
      {rows.length === 0 ? empty : children}
    </>
  );
}
