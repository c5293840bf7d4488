/** Requests as bytes: of what a device of ours asks, and changed in a part or as a whole. */
import type { Dice } from './dice.ts';
import { mutate } from './mutate.ts';

/** A request in the parts that are changed one by one. */
export interface RequestParts {
  readonly method: string;
  /** With its query. */
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
}

const oddMethods = ['HEAD', 'OPTIONS', 'TRACE', 'CONNECT', 'PATCH', 'POST', 'PROPFIND', 'get', 'G ET', ''];
const oddHeaders: readonly (readonly [string, string])[] = [
  ['Transfer-Encoding', 'chunked'],
  ['Transfer-Encoding', 'gzip, chunked'],
  ['Content-Length', '-1'],
  ['Content-Length', '99999999999999999999'],
  ['Content-Length', '3, 4'],
  ['Content-Length', '17000000000'],
  ['Expect', '100-continue'],
  ['Expect', 'the unexpected'],
  ['Connection', 'upgrade'],
  ['Upgrade', 'websocket'],
  ['Range', 'bytes=-1'],
  ['Range', 'bytes=0-0,2-3'],
  ['Range', 'bytes=5-1'],
  ['Range', 'bytes=999999999999999-999999999999999'],
  ['If-None-Match', '*'],
  ['Content-Type', 'application/json'],
  ['Content-Type', 'multipart/form-data; boundary=x'],
  ['Content-Encoding', 'gzip'],
  ['Host', 'a.example'],
  ['Authorization', 'Basic Og=='],
  ['X', 'x'.repeat(20_000)],
];
const oddTargets = [
  '/',
  '*',
  '/health',
  '/health/objects/a',
  '//objects/a',
  '/../../etc/passwd',
  '/vault/objects/',
  '/vault/objects/%2e%2e/%2e%2e/tokens.json',
  '/vault/objects/..%2ftokens.json',
  '/vault/objects/a%00b',
  '/vault/objects/%',
  '/vault/objects/hint',
  '/vault/names?prefix=a&prefix=b',
  '/vault/names?limit=1e3&after[]=x',
  '/vault/names?limit=0x10&__proto__[polluted]=1',
  '/vault/names?prefix=journal/&limit=0',
  '/theirs/names',
  '/theirs/objects/packs/their-object',
  'http://elsewhere.example/vault/names',
];

/** The bytes of one changed request. `others` are templates, too. */
export function oddRequest(template: RequestParts, others: readonly RequestParts[], dice: Dice): Uint8Array {
  let parts = template;
  for (let count = dice.below(4); count > 0; count -= 1) parts = changed(parts, others, dice);
  const bytes = toBytes(parts);
  return dice.isLucky(25) ? mutate(bytes, [toBytes(dice.of(others))], dice) : bytes;
}

function changed(parts: RequestParts, others: readonly RequestParts[], dice: Dice): RequestParts {
  const text = (value: string): string =>
    Buffer.from(mutate(Buffer.from(value, 'latin1'), [Buffer.from(dice.of(others).target)], dice)).toString('latin1');
  const { headers } = parts;
  const at = dice.below(headers.length);
  const [name = '', value = ''] = headers[at] ?? [];
  const ways: (() => Partial<RequestParts>)[] = [
    () => ({ method: dice.of([...oddMethods, ...others.map(({ method }) => method)]) }),
    () => ({ target: dice.of(oddTargets) }),
    () => ({ target: text(parts.target) }),
    () => ({ target: dice.of(others).target }),
    () => ({ body: mutate(parts.body, [dice.of(others).body], dice) }),
    () => ({ body: Buffer.alloc(dice.below(200_000), dice.below(256)) }),
    () => ({ headers: headers.toSpliced(at, 1) }),
    () => ({ headers: [...headers, dice.of(oddHeaders)] }),
    () => ({ headers: [...headers, ...headers] }),
    () => ({ headers: headers.with(at, [name, text(value)]) }),
  ];
  return { ...parts, ...dice.of(ways)() };
}

function toBytes({ method, target, headers, body }: RequestParts): Uint8Array {
  const lines = [`${method} ${target} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`)];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}
