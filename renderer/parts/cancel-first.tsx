/** The button that does nothing, with the focus as soon as it is there: a key that is pressed once too often decides nothing. */
import { useEffect, useRef, type ReactNode } from 'react';
import { Action } from './action.tsx';
import { useSurroundings } from './surroundings.tsx';

export function CancelFirst({ onPress }: { readonly onPress: () => void }): ReactNode {
  const { t } = useSurroundings();
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    place.current?.querySelector('button')?.focus();
  }, []);
  return (
    <span ref={place}>
      <Action onPress={onPress}>{t('words.cancel')}</Action>
    </span>
  );
}
