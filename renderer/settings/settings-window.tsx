/** All that can be set, page by page. */
import './settings.css';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components/Tabs';
import { settingsPageNames, type PageName } from './page-names.ts';
import { listen } from '../parts/bridge.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { VaultSwitch } from '../parts/vault-switch.tsx';
import { AboutPage } from './about-page.tsx';
import { DevicesPage } from './devices-page.tsx';
import { FoldersPage } from './folders-page.tsx';
import { GeneralPage } from './general-page.tsx';
import { IgnoreRulesPage } from './ignore-rules-page.tsx';
import { NetworkPage } from './network-page.tsx';
import { SecurityPage } from './security-page.tsx';
import { SelectiveSyncPage } from './selective-sync-page.tsx';

const pages: Readonly<Record<PageName, { readonly icon: IconName; readonly Page: () => ReactNode }>> = {
  folders: { icon: 'folder', Page: FoldersPage },
  'selective-sync': { icon: 'tree', Page: SelectiveSyncPage },
  'ignore-rules': { icon: 'eye-off', Page: IgnoreRulesPage },
  network: { icon: 'network', Page: NetworkPage },
  general: { icon: 'gear', Page: GeneralPage },
  devices: { icon: 'device', Page: DevicesPage },
  security: { icon: 'shield', Page: SecurityPage },
  about: { icon: 'info', Page: AboutPage },
};

export function SettingsWindow(): ReactNode {
  const { t } = useSurroundings();
  const nav = useRef<HTMLElement>(null);
  const [page, setPage] = useState<PageName>(() => pageOf(new URLSearchParams(window.location.search).get('page')) ?? 'folders');
  useEffect(
    () =>
      listen((event) => {
        const asked = event.event === 'show' ? pageOf(event.page) : undefined;
        if (asked !== undefined) setPage(asked);
      }),
    [],
  );
  // In large letters, or a low window, the list is longer than the window. It is drawn anew when another page is chosen, or letters get larger.
  useEffect(() => nav.current?.querySelector('[role=tab][data-selected]')?.scrollIntoView({ block: 'nearest' }));
  return (
    <Tabs
      className="settings"
      orientation="vertical"
      selectedKey={page}
      onSelectionChange={(key) => {
        const chosen = pageOf(String(key));
        if (chosen !== undefined) setPage(chosen);
      }}
    >
      <nav className="settings-nav" ref={nav}>
        <VaultSwitch page={page} />
        <TabList className="settings-pages" aria-label={t('title.settings')}>
          {settingsPageNames.map((name) => (
            <Tab key={name} id={name} className="settings-tab">
              <Icon name={pages[name].icon} />
              <span>{t(`settings.page.${name}`)}</span>
            </Tab>
          ))}
        </TabList>
      </nav>
      <main className="settings-main">
        {settingsPageNames.map((name) => {
          const { Page } = pages[name];
          return (
            <TabPanel key={name} id={name} className={`settings-page settings-page-${name}`}>
              <h1>{t(`settings.page.${name}`)}</h1>
              <Page />
            </TabPanel>
          );
        })}
      </main>
    </Tabs>
  );
}

function pageOf(name: string | null | undefined): PageName | undefined {
  return settingsPageNames.find((known) => known === name);
}
