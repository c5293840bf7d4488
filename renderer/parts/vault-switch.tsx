/** Which vault this window is about, and the way to the others. Nothing where there is only one. */
import './vaults.css';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import type { SettingsPage } from '../../src/control/acts/shell-acts.ts';
import { askShell } from './bridge.ts';
import { Icon } from './icon.tsx';
import { showHidden } from './shown-text.ts';
import { useSurroundings } from './surroundings.tsx';
import { useVaults } from './use-vaults.ts';
import { VaultMark } from './vault-mark.tsx';

/** `page`: of the settings, to be shown of the other vault as well. */
export function VaultSwitch({ page }: { readonly page?: SettingsPage }): ReactNode {
  const { t } = useSurroundings();
  const vaults = useVaults();
  const here = vaults?.rows.find(({ vault }) => vault === vaults.here);
  if (vaults === undefined || here === undefined || !vaults.areMore) return null;
  const name = showHidden(here.name);
  return (
    <nav className="vault-switch" aria-label={t('vaults.title')}>
      <MenuTrigger>
        <Button className="vault-switch-button" aria-label={t('vaults.switch', { vault: name, state: here.says })}>
          <VaultMark state={here.state} />
          <bdi className="vault-switch-name">{name}</bdi>
          <Icon name="down" size={16} />
        </Button>
        <Popover className="popover vault-popover" placement="bottom start">
          <Menu
            aria-label={t('vaults.title')}
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[here.vault]}
            onAction={(key) => void askShell('switch-vault', { vault: Number(key), ...(page === undefined ? {} : { page }) })}
          >
            {vaults.rows.map(({ vault, name: each, state, says }) => (
              <MenuItem key={vault} id={vault} className="popover-item" textValue={showHidden(each)}>
                <VaultMark state={state} />
                <span className="vault-words">
                  <bdi className="vault-name">{showHidden(each)}</bdi>
                  <span className="vault-says">{says}</span>
                </span>
              </MenuItem>
            ))}
          </Menu>
        </Popover>
      </MenuTrigger>
    </nav>
  );
}
