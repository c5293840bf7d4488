/** The state in a drawing and in words, large: what most people open the window for. */
import type { ReactNode } from 'react';
import { Icon, type IconName } from '../parts/icon.tsx';

export type Mood = 'good' | 'busy' | 'resting' | 'attention' | 'bad';

export function Headline({
  icon,
  mood,
  title,
  detail,
}: {
  readonly icon: IconName;
  readonly mood: Mood;
  readonly title: string;
  readonly detail: string;
}): ReactNode {
  return (
    <header className="headline">
      <span className={`headline-icon mood-${mood}`}>
        <Icon name={icon} size={28} />
      </span>
      <div className="headline-words" role="status">
        <h1>{title}</h1>
        {detail === '' ? null : <p className="soft">{detail}</p>}
      </div>
    </header>
  );
}
