/** What waits for a person's decision. */
import './conflicts.css';
import '../preview/preview.css';
import { useState, type ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components/Tabs';
import type { Overview } from '../../src/control/acts/overview-acts.ts';
import { LinkedWindow } from '../parts/linked-window.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { ConflictsTab } from './conflicts-tab.tsx';
import { HeldTab } from './held-tab.tsx';
import { ProblemsTab } from './problems-tab.tsx';

type TabName = 'conflicts' | 'problems' | 'held';

const tabs: readonly TabName[] = ['conflicts', 'problems', 'held'];

export function ConflictsWindow(): ReactNode {
  const { t } = useSurroundings();
  return (
    <LinkedWindow title={t('title.conflicts')} news={['state', 'conflicts', 'problems', 'settings']}>
      {(overview) => <Troubles overview={overview} />}
    </LinkedWindow>
  );
}

function Troubles({ overview }: { readonly overview: Extract<Overview, { readonly is: 'linked' }> }): ReactNode {
  const { t, formats } = useSurroundings();
  // Stays where a person is, also when the last of it is decided.
  const [tab, setTab] = useState<TabName>(() => firstTab(overview));
  return (
    <Tabs className="tabs" selectedKey={tab} onSelectionChange={(key) => setTab(tabs.find((each) => each === key) ?? 'conflicts')}>
      <TabList className="tab-list" aria-label={t('title.conflicts')}>
        {tabs.map((each) => (
          <Tab key={each} id={each} className="tab">
            <span>{t(`conflicts.tab.${each}`)}</span>
            {overview[each] > 0 ? <span className={`tab-count tab-count-${each}`}>{formats.count(overview[each])}</span> : null}
          </Tab>
        ))}
      </TabList>
      <TabPanel id="conflicts" className="tab-panel">
        <ConflictsTab here={overview.device} />
      </TabPanel>
      <TabPanel id="problems" className="tab-panel">
        <ProblemsTab />
      </TabPanel>
      <TabPanel id="held" className="tab-panel">
        <HeldTab />
      </TabPanel>
    </Tabs>
  );
}

/** A held change keeps everything else waiting. */
function firstTab({
  conflicts,
  problems,
  held,
}: {
  readonly conflicts: number;
  readonly problems: number;
  readonly held: number;
}): TabName {
  if (held > 0) return 'held';
  return conflicts > 0 || problems === 0 ? 'conflicts' : 'problems';
}
