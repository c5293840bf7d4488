/** Where in the vault one is, and the way up. */
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { FileName } from '../parts/file-name.tsx';
import { Icon } from '../parts/icon.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { crumbsOf } from './crumbs-of.ts';

export function Crumbs({ folder, onGo }: { readonly folder: string; readonly onGo: (folder: string) => void }): ReactNode {
  const { t } = useSurroundings();
  const crumbs = crumbsOf(folder);
  return (
    <nav className="crumbs" aria-label={t('history.where')}>
      <ol>
        {crumbs.map(({ path, name, isLast, isGap }) => (
          <li key={path} className="crumb">
            {path === '' ? null : <Icon name="next" size={16} />}
            {isLast ? (
              <span aria-current="page" className="crumb-here">
                {path === '' ? t('words.top-folder') : <FileName name={name} />}
              </span>
            ) : (
              <Button
                className="crumb-button"
                onPress={() => onGo(path)}
                {...(isGap ? { 'aria-label': t('history.up-to', { name }) } : {})}
              >
                {isGap ? <span>{'…'}</span> : path === '' ? t('words.top-folder') : <FileName name={name} />}
              </Button>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
