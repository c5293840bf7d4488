/** What waits for a person: each a way to the place where it is decided. */
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { askShell } from '../parts/bridge.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import type { Linked } from './linked.ts';

export function Attention({ overview }: { readonly overview: Linked }): ReactNode {
  const { t } = useSurroundings();
  const { conflicts, problems, held } = overview;
  if (conflicts + problems + held === 0) return null;
  return (
    <section className="attention" aria-label={t('status.attention')}>
      {held > 0 ? <Way icon="shield" words={t('status.held', { files: held })} /> : null}
      {conflicts > 0 ? <Way icon="conflict" words={t('status.conflicts', { conflicts })} /> : null}
      {problems > 0 ? <Way icon="alert" words={t('status.problems', { problems })} /> : null}
    </section>
  );
}

function Way({ icon, words }: { readonly icon: IconName; readonly words: string }): ReactNode {
  return (
    <Button className="attention-way" onPress={() => void askShell('open-window', { window: 'conflicts' })}>
      <Icon name={icon} />
      <span>{words}</span>
      <Icon name="next" size={16} />
    </Button>
  );
}
