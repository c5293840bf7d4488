/** What every part of a window needs to know of the person and the system: language, region, preferences, platform. */
import { createContext, useContext, useEffect, useLayoutEffect, useMemo, useState, type ReactNode } from 'react';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import type { Preferences, ShellAnswered } from '../../src/control/acts/shell-acts.ts';
import { makeFormats, type Formats } from './formats.ts';
import { rootSize, useTextSizeKeys } from './text-size.ts';
import { makeTexts, type Texts } from './texts.ts';
import { useShellAnswer } from './use-answer.ts';

export interface Surroundings {
  readonly texts: Texts;
  readonly t: Texts['t'];
  readonly formats: Formats;
  readonly preferences: Preferences;
  readonly system: ShellAnswered<'read-surroundings'>;
}

const SurroundingsContext = createContext<Surroundings | undefined>(undefined);

export function useSurroundings(): Surroundings {
  const surroundings = useContext(SurroundingsContext);
  if (surroundings === undefined) throw new Error('outside of SurroundingsProvider');
  return surroundings;
}

/** Shows nothing until the desktop has answered, so that no text appears in a language that is not the person's. */
export function SurroundingsProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const preferences = useShellAnswer('read-preferences', {}, ['preferences']).answer;
  const system = useShellAnswer('read-surroundings', {}, []).answer;
  const surroundings = useMemo(() => {
    if (preferences === undefined || system === undefined) return undefined;
    const language = preferences.language === 'system' ? system.systemLanguage : preferences.language;
    const locale = system.locale.split('-')[0] === language ? system.locale : language;
    const texts = makeTexts(language, locale);
    return { texts, t: texts.t, formats: makeFormats(locale, texts), preferences, system };
  }, [preferences, system]);

  const language = surroundings?.texts.language;
  const theme = preferences?.theme;
  const textSize = preferences?.textSize;
  // Before anything is measured or seen.
  useLayoutEffect(() => {
    if (language !== undefined) document.documentElement.lang = language;
    if (theme !== undefined) document.documentElement.dataset['theme'] = theme;
    if (textSize !== undefined) document.documentElement.style.fontSize = rootSize(textSize);
  }, [language, theme, textSize]);
  useTextSizeKeys(textSize);

  if (surroundings === undefined) return null;
  return (
    <SurroundingsContext value={surroundings}>
      <I18nProvider locale={surroundings.formats.locale}>{children}</I18nProvider>
    </SurroundingsContext>
  );
}

/** The time, good to half a minute: for what is told as `3 minutes ago`. */
export function useNow(): number {
  const [nowMs, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}
