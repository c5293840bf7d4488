/** All vaults of this computer, and the way to one more. */
import '../parts/vaults.css';
import type { ReactNode } from 'react';
import type { VaultRow } from '../../src/control/acts/shell-acts.ts';
import { Action } from '../parts/action.tsx';
import { askShell } from '../parts/bridge.ts';
import { WholePath } from '../parts/file-name.tsx';
import { FailureNotice, Notice } from '../parts/notice.tsx';
import { showHidden } from '../parts/shown-text.ts';
import { useSurroundings } from '../parts/surroundings.tsx';
import { useDoing } from '../parts/use-doing.ts';
import type { Vaults } from '../parts/use-vaults.ts';
import { VaultMark } from '../parts/vault-mark.tsx';

/** What there is: shown where there is more than one. */
export function VaultList({ vaults: { rows, here } }: { readonly vaults: Vaults }): ReactNode {
  const { t } = useSurroundings();
  return (
    <section className="stack-tight">
      <h2>{t('vaults.title')}</h2>
      <ul className="card vault-list">
        {rows.map((row) => (
          <Row key={row.vault} row={row} isHere={row.vault === here} />
        ))}
      </ul>
      <Add />
    </section>
  );
}

function Row({ row: { vault, name, folder, state, says }, isHere }: { readonly row: VaultRow; readonly isHere: boolean }): ReactNode {
  const { t } = useSurroundings();
  const shown = showHidden(name);
  return (
    <li className="vault-row" {...(isHere ? { 'aria-current': true } : {})}>
      <VaultMark state={state} />
      <span className="vault-words">
        <bdi className="vault-name">{shown}</bdi>
        <span className="vault-says">{says}</span>
        {folder === null ? null : (
          <span className="vault-place">
            <WholePath path={folder} />
          </span>
        )}
      </span>
      {isHere ? (
        <span className="soft">{t('vaults.shown')}</span>
      ) : (
        <Action label={t('vaults.show-this', { vault: shown })} onPress={() => void askShell('switch-vault', { vault, page: 'folders' })}>
          {t('vaults.show')}
        </Action>
      )}
    </li>
  );
}

/** Where there is one. */
export function AnotherVault(): ReactNode {
  const { t } = useSurroundings();
  return (
    <section className="stack-tight">
      <h2>{t('vaults.another')}</h2>
      <p className="soft">{t('vaults.another-help')}</p>
      <Add />
    </section>
  );
}

function Add(): ReactNode {
  const { t } = useSurroundings();
  const { run, isBusy, failure } = useDoing();
  return (
    <>
      <div>
        <Action icon="add" isBusy={isBusy} onPress={() => run(() => askShell('add-vault', {}))}>
          {t('vaults.add')}
        </Action>
      </div>
      {failure?.code === 'E_USAGE' ? (
        // With nothing that is asked, only their number can be wrong.
        <Notice kind="warning" title={t('vaults.full')} isUrgent>
          <p>{t('vaults.full-help')}</p>
        </Notice>
      ) : (
        <FailureNotice failure={failure} />
      )}
    </>
  );
}
