/** Something that is on or off, and holds at once. */
import type { ReactNode } from 'react';
import { SwitchButton, SwitchField } from 'react-aria-components/Switch';

export function SwitchLine({
  label,
  help,
  isOn,
  onChange,
  isDisabled = false,
}: {
  readonly label: string;
  readonly help?: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly isDisabled?: boolean;
}): ReactNode {
  return (
    <SwitchField isSelected={isOn} onChange={onChange} isDisabled={isDisabled}>
      <SwitchButton className="switch">
        <span className="switch-words">
          <span>{label}</span>
          {help === undefined ? null : <span className="fine-print">{help}</span>}
        </span>
        <span className="switch-track" />
      </SwitchButton>
    </SwitchField>
  );
}
