/** One of several, with a line about each. */
import type { ReactNode } from 'react';
import { Label } from 'react-aria-components/Label';
import { RadioButton, RadioField, RadioGroup } from 'react-aria-components/RadioGroup';
import { Icon, type IconName } from './icon.tsx';

export interface ChoiceOption<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly help?: string;
  readonly icon?: IconName;
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly isLabelHidden?: boolean;
  readonly value: Value | undefined;
  readonly options: readonly ChoiceOption<Value>[];
  readonly onChange: (value: Value) => void;
  /** `cards`: with their help, one below the other. `row`: words alone, side by side. */
  readonly look: 'cards' | 'row';
}

export function Choice<Value extends string>({
  label,
  isLabelHidden = false,
  value,
  options,
  onChange,
  look,
}: ChoiceProps<Value>): ReactNode {
  return (
    <RadioGroup
      className={`choice choice-${look}`}
      value={value ?? null}
      onChange={(chosen) => {
        const option = options.find((each) => each.value === chosen);
        if (option !== undefined) onChange(option.value);
      }}
      {...(isLabelHidden ? { 'aria-label': label } : {})}
    >
      {isLabelHidden ? null : <Label>{label}</Label>}
      <div className="choice-options">
        {options.map((option) => (
          <RadioField key={option.value} value={option.value}>
            <RadioButton className="choice-option">
              {option.icon === undefined ? null : <Icon name={option.icon} />}
              <span className="choice-words">
                <span className="choice-label">{option.label}</span>
                {option.help === undefined ? null : <span className="choice-help">{option.help}</span>}
              </span>
            </RadioButton>
          </RadioField>
        ))}
      </div>
    </RadioGroup>
  );
}
