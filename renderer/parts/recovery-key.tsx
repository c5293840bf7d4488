/** A recovery key that was just made, and the ways to keep it. */
import { useState, type ReactNode } from 'react';
import type { Outcome } from '../../src/control/acts/window-bridge.ts';
import { Action } from './action.tsx';
import { ask, askShell } from './bridge.ts';
import { FailureNotice } from './notice.tsx';
import { useSurroundings } from './surroundings.tsx';
import type { TextKey } from './texts.ts';
import { useDoing } from './use-doing.ts';

export function RecoveryKey({ recoveryKey }: { readonly recoveryKey: string }): ReactNode {
  const { t } = useSurroundings();
  const { run, isBusy, failure } = useDoing();
  const [done, setDone] = useState<TextKey>();
  const print = (): void =>
    run(
      () => withSheet(recoveryKey, (sheet) => askShell('print-sheet', { sheet })),
      ({ isPrinted }) => setDone(isPrinted ? 'recovery.printed' : undefined),
    );
  const save = (): void =>
    run(
      () => withSheet(recoveryKey, (text) => askShell('save-text', { name: 'cachette-recovery.html', text })),
      ({ path }) => setDone(path === null ? undefined : 'recovery.saved'),
    );
  const copy = (): void =>
    run(
      () => askShell('copy-text', { text: recoveryKey, isSecret: true }),
      () => setDone('recovery.copied'),
    );
  return (
    <div className="stack-tight">
      <p className="big-code">{recoveryKey}</p>
      <div className="row">
        <Action icon="printer" onPress={print} isBusy={isBusy}>
          {t('recovery.print')}
        </Action>
        <Action icon="save" onPress={save} isDisabled={isBusy}>
          {t('recovery.save')}
        </Action>
        <Action icon="copy" onPress={copy} isDisabled={isBusy}>
          {t('recovery.copy')}
        </Action>
        <span role="status" className="soft">
          {done === undefined ? '' : t(done)}
        </span>
      </div>
      <FailureNotice failure={failure} />
    </div>
  );
}

/** The agent makes the page that is printed or saved. */
async function withSheet<Answer>(recoveryKey: string, hand: (sheet: string) => Promise<Outcome<Answer>>): Promise<Outcome<Answer>> {
  const made = await ask('recovery-sheet', { recoveryKey });
  return made.ok ? hand(made.answer.sheet) : made;
}
