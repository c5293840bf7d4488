/** What both versions hold, and folded away below, what both began with. */
import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { Disclosure, DisclosurePanel } from 'react-aria-components/Disclosure';
import { Heading } from 'react-aria-components/Heading';
import type { ToldConflict } from '../../src/control/acts/trouble-acts.ts';
import { Waiting } from '../parts/empty-state.tsx';
import { FailedRead } from '../parts/failed-read.tsx';
import { Icon } from '../parts/icon.tsx';
import { Notice } from '../parts/notice.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { ContentPair } from '../preview/content-pair.tsx';
import { ContentView } from '../preview/content-view.tsx';
import { useSide } from '../preview/use-content.ts';
import { sideTitle } from './side-words.ts';

export function ConflictPreview({ conflict, here }: { readonly conflict: ToldConflict; readonly here: string | undefined }): ReactNode {
  const { t, texts } = useSurroundings();
  const ours = useSide(conflict.id, 'ours');
  const theirs = useSide(conflict.id, 'theirs');
  const failed = [ours, theirs].find(({ content, failure }) => content === undefined && failure !== undefined);
  return (
    <section className="stack-tight" aria-label={t('preview.title')}>
      <h3>{t('preview.title')}</h3>
      {failed !== undefined ? (
        <FailedRead failure={failed.failure} again={failed.again} kind="warning" />
      ) : ours.content === undefined || theirs.content === undefined ? (
        <Waiting label={t('words.loading')} />
      ) : (
        <ContentPair
          path={conflict.path}
          left={{ content: ours.content, label: sideTitle(texts, conflict, 'ours', here) }}
          right={{ content: theirs.content, label: sideTitle(texts, conflict, 'theirs', here) }}
        />
      )}
      <Ancestor conflict={conflict} />
    </section>
  );
}

function Ancestor({ conflict }: { readonly conflict: ToldConflict }): ReactNode {
  const { t } = useSurroundings();
  const [isOpen, setOpen] = useState(false);
  return (
    <Disclosure className="ancestor" isExpanded={isOpen} onExpandedChange={setOpen}>
      <Heading level={3} className="ancestor-head">
        <Button slot="trigger" className="ancestor-button">
          <Icon name="down" size={16} />
          <span>{t('conflicts.ancestor')}</span>
        </Button>
      </Heading>
      <DisclosurePanel className="ancestor-body">{isOpen ? <AncestorContent conflict={conflict} /> : null}</DisclosurePanel>
    </Disclosure>
  );
}

/** Read once it is asked for. */
function AncestorContent({ conflict }: { readonly conflict: ToldConflict }): ReactNode {
  const { t } = useSurroundings();
  const looked = useSide(conflict.id, 'ancestor');
  if (looked.content === undefined)
    return looked.failure === undefined ? (
      <Waiting label={t('words.loading')} />
    ) : (
      <FailedRead failure={looked.failure} again={looked.again} kind="warning" />
    );
  if (looked.content.is === 'gone') {
    return (
      <Notice kind="info">
        <p>{t('conflicts.no-ancestor')}</p>
      </Notice>
    );
  }
  return <ContentView content={looked.content} path={conflict.path} label={t('conflicts.ancestor')} />;
}
