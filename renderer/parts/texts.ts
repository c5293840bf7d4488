/** What the windows say, in the person's language. Every text stands in renderer/messages. */
import { IntlMessageFormat } from 'intl-messageformat';
import en from '../messages/en.json' with { type: 'json' };
import fr from '../messages/fr.json' with { type: 'json' };
import { setApart } from './shown-text.ts';

export type TextKey = keyof typeof en;
export type Language = 'en' | 'fr';

const messages: Readonly<Record<Language, Readonly<Record<string, string>>>> = { en, fr };

export type TextArguments = Readonly<Record<string, string | number>>;

export interface Texts {
  readonly language: Language;
  /** The text; what is put into it is made visible and set apart, as it may be anybody's. */
  readonly t: (key: TextKey, args?: TextArguments) => string;
  /** For a key that came from outside, as a failure's code; undefined where there is none. */
  readonly find: (key: string, args?: TextArguments) => string | undefined;
}

/** `locale`: of the numbers in the texts. */
export function makeTexts(language: Language, locale: string): Texts {
  const parsed = new Map<string, IntlMessageFormat>();
  const find = (key: string, args: TextArguments = {}): string | undefined => {
    const text = Object.hasOwn(messages[language], key) ? messages[language][key] : undefined;
    if (text === undefined) return undefined;
    const format = parsed.get(key) ?? new IntlMessageFormat(text, locale, undefined, { ignoreTag: true });
    parsed.set(key, format);
    const safe = Object.fromEntries(
      Object.entries(args).map(([name, value]) => [name, typeof value === 'string' ? setApart(value) : value]),
    );
    return String(format.format(safe));
  };
  return { language, find, t: (key, args) => find(key, args) ?? key };
}
