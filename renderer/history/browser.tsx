/** The left side: what stands in a folder of the vault, or what is gone from it. */
import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components/Tabs';
import { useSurroundings } from '../parts/surroundings.tsx';
import { Crumbs } from './crumbs.tsx';
import { DeletedList } from './deleted-list.tsx';
import { ItemList } from './item-list.tsx';

export type BrowserView = 'files' | 'deleted';

export interface BrowserProps {
  readonly folder: string;
  readonly view: BrowserView;
  readonly chosen: string | undefined;
  readonly onGo: (folder: string) => void;
  readonly onView: (view: BrowserView) => void;
  readonly onChoose: (path: string) => void;
}

export function Browser({ folder, view, chosen, onGo, onView, onChoose }: BrowserProps): ReactNode {
  const { t } = useSurroundings();
  return (
    <Tabs className="tabs" selectedKey={view} onSelectionChange={(key) => onView(key === 'deleted' ? 'deleted' : 'files')}>
      <TabList className="tab-list" aria-label={t('history.view')}>
        <Tab id="files" className="tab">
          {t('history.files')}
        </Tab>
        <Tab id="deleted" className="tab">
          {t('history.deleted')}
        </Tab>
      </TabList>
      <Crumbs folder={folder} onGo={onGo} />
      <TabPanel id="files" className="tab-panel">
        <ItemList key={folder} folder={folder} chosen={chosen} onGo={onGo} onChoose={onChoose} />
      </TabPanel>
      <TabPanel id="deleted" className="tab-panel">
        <DeletedList key={folder} folder={folder} chosen={chosen} onChoose={onChoose} />
      </TabPanel>
    </Tabs>
  );
}
