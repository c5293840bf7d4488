/** Buttons. */
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { Tooltip, TooltipTrigger } from 'react-aria-components/Tooltip';
import { Icon, type IconName } from './icon.tsx';

interface ActionProps {
  readonly children: ReactNode;
  readonly onPress: () => void;
  /** `main`: what most will want here, at most one on a page. `danger`: takes something away. `quiet`: no frame. */
  readonly kind?: 'main' | 'plain' | 'danger' | 'quiet';
  readonly icon?: IconName;
  readonly isDisabled?: boolean;
  /** Under way: keeps its place and its focus, does nothing. */
  readonly isBusy?: boolean;
  readonly label?: string;
}

export function Action({ children, onPress, kind = 'plain', icon, isDisabled = false, isBusy = false, label }: ActionProps): ReactNode {
  return (
    <Button
      className={`action action-${kind}${isBusy ? ' is-busy' : ''}`}
      onPress={() => (isBusy ? undefined : onPress())}
      isDisabled={isDisabled}
      {...(label === undefined ? {} : { 'aria-label': label })}
    >
      {icon === undefined ? null : <Icon name={icon} />}
      <span>{children}</span>
    </Button>
  );
}

/** Only a drawing; its name shows when it is pointed at or has the focus. */
export function IconAction({
  icon,
  label,
  onPress,
  isDisabled = false,
}: {
  readonly icon: IconName;
  readonly label: string;
  readonly onPress: () => void;
  readonly isDisabled?: boolean;
}): ReactNode {
  return (
    <TooltipTrigger delay={600}>
      <Button className="icon-action" aria-label={label} onPress={onPress} isDisabled={isDisabled}>
        <Icon name={icon} />
      </Button>
      <Tooltip className="tooltip" offset={6}>
        {label}
      </Tooltip>
    </TooltipTrigger>
  );
}
