/** What a person may configure on this device: names, units, ranges. One table, for the settings file and the commands. */
import { isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import { Failure } from '../../base/failure.ts';
import { defaultIgnoreRules } from '../../disk/ignore-rules.ts';
import { noProxy, parseProxy } from '../../store/http/choose-proxy.ts';
import { retentionDefaultDays, retentionFloorDays, retentionMaxDays } from '../past/retention.ts';

interface ConfigKey {
  /** What it says, for help texts. */
  readonly meaning: string;
  /** undefined: nothing is used unless it is set. */
  readonly fallback: string | number | undefined;
  readonly schema: z.ZodType<string | number>;
  /** The value that a person typed; undefined: none such. */
  readonly parse: (text: string) => string | number | undefined;
  /** What may be typed. */
  readonly form: string;
}

const unitBytes: Readonly<Record<string, number>> = { '': 1, k: 1000, m: 1000 ** 2, g: 1000 ** 3 };

/** `500k`, `2M`, `1500000`: bytes a second. */
function parseRate(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d{1,12}(?:\.\d{1,3})?)([kmg]?)$/i.exec(text) ?? [];
  const factor = unitBytes[unit.toLowerCase()];
  return number === undefined || factor === undefined ? undefined : Math.round(Number(number) * factor);
}

function rate(meaning: string): ConfigKey {
  return {
    meaning,
    fallback: undefined,
    schema: z.int().min(1000).max(1e12),
    parse: parseRate,
    form: 'bytes a second, as 500k or 2M; at least 1k',
  };
}

function whole(
  meaning: string,
  { min, max, fallback }: { readonly min: number; readonly max: number; readonly fallback: number },
): ConfigKey {
  const parse = (text: string): number | undefined => (/^\d{1,9}$/.test(text) ? Number(text) : undefined);
  return { meaning, fallback, schema: z.int().min(min).max(max), parse, form: `a whole number from ${min} to ${max}` };
}

/** Credentials would lie in a plain file. */
function isPlainProxy(text: string): boolean {
  const url = parseProxy(text);
  return text === noProxy || (url?.username === '' && url.password === '');
}

/** Every key that there is. */
const configKeys = {
  'bandwidth.up': rate('upload limit'),
  'bandwidth.down': rate('download limit'),
  proxy: {
    meaning: 'proxy on the way to the store; HTTPS_PROXY, HTTP_PROXY and NO_PROXY count where this is not set',
    fallback: undefined,
    schema: z.string().refine(isPlainProxy),
    parse: (text: string) => text,
    form: `http://host:port, https://…, socks5://… or socks5h://… without user and password, or '${noProxy}'`,
  },
  'store.ca': {
    meaning: "certificates (a PEM file) of the authority that vouches for the store's server, trusted beside the usual ones",
    fallback: undefined,
    schema: z.string().max(4096).refine(isAbsolute),
    parse: (text: string) => resolve(text),
    form: 'the path of a PEM file',
  },
  ignore: {
    meaning: 'what stays out of the vault, beside the rules of .cachetteignore files',
    fallback: defaultIgnoreRules.join(','),
    schema: z.string().max(10_000),
    parse: (text: string) => text,
    form: 'gitignore patterns with commas between',
  },
  'poll.seconds': whole('how often `sync --watch` asks a store that cannot tell of news', { min: 5, max: 86_400, fallback: 30 }),
  'rescan.minutes': whole('how often `sync --watch` looks at every file', { min: 1, max: 10_080, fallback: 60 }),
  'settle.seconds': whole(
    'how long a file rests before `sync --watch` takes it (unless set, a small one that was saved once does not wait for it)',
    { min: 0, max: 3600, fallback: 2 },
  ),
  /** The vault's, not this device's (retention.ts). */
  'retention.days': whole('how far history and restore reach at least; for all devices', {
    min: retentionFloorDays,
    max: retentionMaxDays,
    fallback: retentionDefaultDays,
  }),
  'trash.days': whole('how long removed files stay in .cachette/trash', { min: 0, max: 3650, fallback: 30 }),
} as const satisfies Readonly<Record<string, ConfigKey>>;

export type ConfigName = keyof typeof configKeys;
export const configNames = Object.keys(configKeys) as readonly ConfigName[];

/** What was set; everything else has its fallback. */
export const configSchema = z.strictObject(
  Object.fromEntries(configNames.map((name) => [name, configKeys[name].schema.optional()])),
) as z.ZodType<ConfigValues>;
export type ConfigValues = Readonly<Partial<Record<ConfigName, string | number>>>;

/** Throws E_USAGE for a name that is none. */
export function parseConfigName(text: string): ConfigName {
  const name = configNames.find((known) => known === text);
  if (name === undefined) throw new Failure('E_USAGE', `no setting is called '${text}'`, { action: `one of: ${configNames.join(', ')}` });
  return name;
}

/** The values with one more set; 'default' takes it back. Throws E_USAGE for a value out of its range. */
export function withConfigValue(values: ConfigValues, name: ConfigName, text: string): ConfigValues {
  if (text === 'default') return Object.fromEntries(Object.entries(values).filter(([key]) => key !== name));
  const key: ConfigKey = configKeys[name];
  const value = key.schema.safeParse(key.parse(text));
  if (!value.success) throw new Failure('E_USAGE', `${name} takes ${key.form}, or 'default'`);
  return { ...values, [name]: value.data };
}

/** What holds now; undefined where nothing limits or is set. */
export function configValue(values: ConfigValues, name: ConfigName): string | number | undefined {
  return values[name] ?? configKeys[name].fallback;
}

export function configNumber(values: ConfigValues, name: ConfigName): number | undefined {
  const value = configValue(values, name);
  return typeof value === 'number' ? value : undefined;
}

export function configText(values: ConfigValues, name: ConfigName): string | undefined {
  const value = configValue(values, name);
  return typeof value === 'string' ? value : undefined;
}

/** What a setting is for. */
export function configMeaning(name: ConfigName): string {
  return configKeys[name].meaning;
}
