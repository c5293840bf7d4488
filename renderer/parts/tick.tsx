/** A box that is ticked or not. */
import type { ReactNode } from 'react';
import { CheckboxButton, CheckboxField } from 'react-aria-components/Checkbox';
import { Icon } from './icon.tsx';

export function Tick({
  isChecked,
  isSome = false,
  onChange,
  children,
  label,
}: {
  readonly isChecked: boolean;
  /** Of what it stands for, some is and some is not. */
  readonly isSome?: boolean;
  readonly onChange: (isChecked: boolean) => void;
  readonly children?: ReactNode;
  /** Where no words stand beside it. */
  readonly label?: string;
}): ReactNode {
  return (
    <CheckboxField
      isSelected={isChecked}
      isIndeterminate={isSome}
      onChange={onChange}
      {...(label === undefined ? {} : { 'aria-label': label })}
    >
      <CheckboxButton className="tick">
        <span className="tick-box">
          <Icon name={isSome ? 'minus' : 'check'} />
        </span>
        {children === undefined ? null : <span>{children}</span>}
      </CheckboxButton>
    </CheckboxField>
  );
}
