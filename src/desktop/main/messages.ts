/** The few texts of tray, dialogs and notifications; those of windows are the windows' own. */
import { IntlMessageFormat } from 'intl-messageformat';
import en from './messages/en.json' with { type: 'json' };
import fr from './messages/fr.json' with { type: 'json' };
import type { Say } from './tray-menu.ts';

export type Language = 'en' | 'fr';

const texts: Readonly<Record<Language, Readonly<Record<string, string>>>> = { en, fr };

/** Says messages of one language. Throws for a key that there is none of: a fault of ours. */
export function sayIn(language: Language): Say {
  const made = new Map<string, IntlMessageFormat>();
  return (key, values = {}) => {
    const text = texts[language][key];
    if (text === undefined) throw new Error(`no message is called ${key}`);
    const format = made.get(key) ?? new IntlMessageFormat(text, language);
    made.set(key, format);
    return String(format.format({ ...values }));
  };
}

/** What the system speaks, of the languages that there are. */
export function systemLanguage(locale: string): Language {
  return /^fr\b/i.test(locale) ? 'fr' : 'en';
}

/** The first of them that Intl takes: a system without a language says `C`, or nothing. */
export function knownLocale(locales: readonly string[]): string {
  const isKnown = (locale: string): boolean => {
    try {
      return Intl.DateTimeFormat.supportedLocalesOf(locale).length > 0;
    } catch {
      return false;
    }
  };
  return locales.find(isKnown) ?? 'en';
}
