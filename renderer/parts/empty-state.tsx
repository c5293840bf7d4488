/** What stands where there is nothing to show: what that means, and what can be done. */
import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

export function EmptyState({
  icon,
  title,
  children,
}: {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <div className="empty-state">
      <span className="empty-icon">
        <Icon name={icon} size={28} />
      </span>
      <p className="empty-title">{title}</p>
      {children}
    </div>
  );
}

/** While the first answer is on its way: nothing for the blink of an eye, then words. */
export function Waiting({ label }: { readonly label: string }): ReactNode {
  return (
    <p className="waiting" role="status">
      {label}
    </p>
  );
}
