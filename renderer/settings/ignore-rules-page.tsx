/** What stays out of the vault: rules, and what they would leave out, while they are written. */
import { useState, type ReactNode } from 'react';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { TextArea } from 'react-aria-components/TextArea';
import { TextField } from 'react-aria-components/TextField';
import { Action } from '../parts/action.tsx';
import { ask } from '../parts/bridge.ts';
import { Waiting } from '../parts/empty-state.tsx';
import { FileName } from '../parts/file-name.tsx';
import { FailureNotice, Notice } from '../parts/notice.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { useAnswer } from '../parts/use-answer.ts';
import { useDebounced } from '../parts/use-debounced.ts';
import { useDoing } from '../parts/use-doing.ts';

const restMs = 400;
const maxLength = 262_144;

export function IgnoreRulesPage(): ReactNode {
  const { t } = useSurroundings();
  const { answer, failure, again } = useAnswer('read-ignore-rules', {}, []);
  if (answer === undefined) return failure === undefined ? <Waiting label={t('selective.loading')} /> : <FailureNotice failure={failure} />;
  return (
    <>
      <p className="soft">{t('ignore.lead')}</p>
      <Editor key={answer.text} text={answer.text} onSaved={again} />
    </>
  );
}

function Editor({ text, onSaved }: { readonly text: string; readonly onSaved: () => void }): ReactNode {
  const { t } = useSurroundings();
  const [typed, setTyped] = useState(text);
  const saving = useDoing();
  return (
    <div className="stack">
      <TextField className="entry" value={typed} onChange={setTyped} maxLength={maxLength} spellCheck="false">
        <Label>{t('ignore.rules')}</Label>
        <TextArea className="text-area code" rows={9} />
        <Text slot="description">{t('ignore.rules-help')}</Text>
      </TextField>
      <div className="row">
        <Action
          kind="main"
          isDisabled={typed === text}
          isBusy={saving.isBusy}
          onPress={() => saving.run(() => ask('write-ignore-rules', { text: typed, was: text }), onSaved)}
        >
          {t('words.save')}
        </Action>
        <Action kind="quiet" isDisabled={typed === text} onPress={() => setTyped(text)}>
          {t('selective.discard')}
        </Action>
      </div>
      <FailureNotice failure={saving.failure} />
      <Trial text={typed} />
    </div>
  );
}

function Trial({ text }: { readonly text: string }): ReactNode {
  const { t } = useSurroundings();
  const { answer, failure } = useAnswer('try-ignore-rules', { text: useDebounced(text, restMs) }, []);
  return (
    <section className="stack-tight" role="status" aria-label={t('ignore.preview')}>
      <FailureNotice failure={failure} />
      {answer === undefined || answer.badLines.length === 0 ? null : (
        <Notice kind="warning" title={t('ignore.bad-lines')}>
          <ul>
            {answer.badLines.map((bad) => (
              <li key={bad.line}>{t('ignore.bad-line', { line: bad.line, text: bad.text })}</li>
            ))}
          </ul>
        </Notice>
      )}
      {answer === undefined ? null : (
        <>
          <h2>{t('ignore.matched', { files: answer.matched })}</h2>
          {/* Long lists scroll by keys, too. */}
          {/* oxlint-disable-next-line no-noninteractive-tabindex */}
          <ul className="plain-list" tabIndex={0} aria-label={t('ignore.preview')}>
            {answer.examples.map((path) => (
              <li key={path}>
                <FileName name={path} />
              </li>
            ))}
          </ul>
          {answer.matched > answer.examples.length ? (
            <p className="soft">{t('ignore.and-more', { files: answer.matched - answer.examples.length })}</p>
          ) : null}
        </>
      )}
    </section>
  );
}
