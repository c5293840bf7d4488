/** A line of text that a person types, with its name above and a word of help or of trouble below. */
import { useState, type ReactNode } from 'react';
import { FieldError } from 'react-aria-components/FieldError';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { TextField } from 'react-aria-components/TextField';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { Icon } from './icon.tsx';
import { useSurroundings } from './surroundings.tsx';

interface EntryProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly help?: string;
  /** Why it can't be so; '' or left out: it can. */
  readonly trouble?: string;
  readonly placeholder?: string;
  readonly isDisabled?: boolean;
  readonly isRequired?: boolean;
  readonly hasFocus?: boolean;
  readonly onSubmit?: () => void;
  readonly maxLength?: number;
  readonly isCode?: boolean;
}

/** Nothing of it is corrected, completed or remembered: addresses and keys are no prose. */
const asTyped = { autoComplete: 'off', autoCorrect: 'off', spellCheck: 'false' } as const;

export function Entry(props: EntryProps): ReactNode {
  return <EntryField {...props} type="text" />;
}

/** What is typed is hidden until it is asked to show. */
export function SecretEntry(props: EntryProps): ReactNode {
  const { t } = useSurroundings();
  const [isShown, setShown] = useState(false);
  return (
    <EntryField {...props} type={isShown ? 'text' : 'password'}>
      <ToggleButton className="entry-toggle" aria-label={t('words.show-what-is-typed')} isSelected={isShown} onChange={setShown}>
        <Icon name="eye" />
      </ToggleButton>
    </EntryField>
  );
}

function EntryField({
  type,
  children,
  ...props
}: EntryProps & { readonly type: 'text' | 'password'; readonly children?: ReactNode }): ReactNode {
  const { label, value, onChange, help = '', trouble = '', placeholder, onSubmit, isCode = false, hasFocus = false } = props;
  return (
    <TextField
      className="entry"
      value={value}
      onChange={onChange}
      type={type}
      maxLength={props.maxLength ?? 4096}
      isDisabled={props.isDisabled ?? false}
      isRequired={props.isRequired ?? false}
      isInvalid={trouble !== ''}
      validationBehavior="aria"
      // oxlint-disable-next-line no-autofocus -- where typing is all that can be done, as in a dialog
      autoFocus={hasFocus}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onSubmit?.();
      }}
      {...asTyped}
    >
      <Label>{label}</Label>
      <span className="entry-line">
        <Input className={isCode ? 'entry-input code' : 'entry-input'} {...(placeholder === undefined ? {} : { placeholder })} />
        {children}
      </span>
      {help === '' ? null : <Text slot="description">{help}</Text>}
      <FieldError>{trouble}</FieldError>
    </TextField>
  );
}
