/** Versions, and what helps somebody who mends Cachette. */
import { useState, type ReactNode } from 'react';
import { Action } from '../parts/action.tsx';
import { askShell } from '../parts/bridge.ts';
import { FailureNotice } from '../parts/notice.tsx';
import { showHidden } from '../parts/shown-text.ts';
import { useSurroundings } from '../parts/surroundings.tsx';
import { useDoing } from '../parts/use-doing.ts';
import { UpdatesSection } from './updates-section.tsx';

export function AboutPage(): ReactNode {
  const { t, system } = useSurroundings();
  return (
    <div className="stack-wide">
      <section className="stack">
        <p>{t('status.welcome-promise')}</p>
        <dl className="facts">
          <dt>{t('about.version')}</dt>
          <dd className="selectable">{system.versions.cachette}</dd>
          <dt>{t('about.runtime')}</dt>
          <dd className="selectable">{t('about.runtime-versions', { ...system.versions })}</dd>
          <dt>{t('about.licence')}</dt>
          <dd>{t('about.licence-words')}</dd>
        </dl>
      </section>
      <UpdatesSection />
      <Diagnostics />
    </div>
  );
}

function Diagnostics(): ReactNode {
  const { t } = useSurroundings();
  const { run, isBusy, failure } = useDoing();
  const [text, setText] = useState<string>();
  const saving = useDoing();
  const [path, setPath] = useState<string | null>(null);
  return (
    <section className="stack">
      <h2>{t('about.diagnostics')}</h2>
      <p className="soft">{t('about.diagnostics-help')}</p>
      <div className="row">
        <Action
          isBusy={isBusy}
          onPress={() =>
            run(
              () => askShell('make-report', {}),
              (told) => setText(told.text),
            )
          }
        >
          {t('about.collect')}
        </Action>
        <Action
          icon="save"
          isDisabled={text === undefined}
          isBusy={saving.isBusy}
          onPress={() =>
            saving.run(
              () => askShell('save-text', { name: 'cachette-diagnostics.txt', text: text ?? '' }),
              (saved) => setPath(saved.path),
            )
          }
        >
          {t('recovery.save')}
        </Action>
        <span role="status" className="soft">
          {path === null ? '' : t('about.saved')}
        </span>
      </div>
      {text === undefined ? null : (
        // Long texts scroll by keys, too.
        // oxlint-disable-next-line no-noninteractive-tabindex
        <pre className="told selectable" tabIndex={0} aria-label={t('about.diagnostics')} role="region">
          {text.split('\n').map(showHidden).join('\n')}
        </pre>
      )}
      <FailureNotice failure={failure ?? saving.failure} />
    </section>
  );
}
