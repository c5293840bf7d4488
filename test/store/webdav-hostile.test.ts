import type { IncomingMessage, ServerResponse } from 'node:http';
import { inspect } from 'node:util';

import { describe, expect, onTestFinished, test } from 'vitest';

import { utf8 } from '../../src/base/bytes.ts';
import { systemClock } from '../../src/base/clock.ts';
import type { Failure } from '../../src/base/failure.ts';
import { systemRandom } from '../../src/base/random.ts';
import type { Store } from '../../src/store/store.ts';
import { openWebdavStore } from '../../src/store/webdav/webdav-store.ts';
import { listen, type Listener } from './hostile-server.ts';

const password = 'PASSWORD-that-nobody-may-see';

interface Reply {
  readonly status: number;
  readonly body?: string | Uint8Array;
  readonly headers?: Record<string, string>;
}

/** What a server says to a request, by its method and path; undefined: nothing, ever. */
type Answers = (method: string, path: string, request: IncomingMessage) => Reply | undefined;

async function openAt(answers: Answers): Promise<Listener & { readonly store: Store; readonly asked: string[] }> {
  const asked: string[] = [];
  const listener = await listen((request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '' } = request;
    asked.push(`${method} ${url}`);
    request.resume();
    request.on('end', () => {
      const reply = answers(method, url, request);
      if (reply === undefined) response.destroy();
      else response.writeHead(reply.status, reply.headers).end(reply.body ?? '');
    });
  });
  const store = openWebdavStore({
    origin: listener.origin,
    path: '/base%20dir/',
    credentials: { user: 'anna', password },
    clock: systemClock,
    random: systemRandom,
  });
  onTestFinished(() => store.close());
  return { ...listener, store, asked };
}

/** The failure, after a look that the password is nowhere in it. */
async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const failure = await promise.then(
    (value) => {
      throw new Error(`no failure but ${inspect(value)}`);
    },
    (error: unknown) => error as Failure,
  );
  const shown = inspect(failure, { depth: 20, showHidden: true });
  for (const secret of [password, Buffer.from(`anna:${password}`).toString('base64')]) expect(shown).not.toContain(secret);
  return failure;
}

function multistatus(...responses: readonly string[]): Reply {
  return { status: 207, body: `<?xml version="1.0"?><D:multistatus xmlns:D="DAV:">${responses.join('')}</D:multistatus>` };
}

function response(href: string, kind: 'file' | 'folder', more = ''): string {
  const type = kind === 'folder' ? '<D:collection/>' : '';
  const prop = `<D:prop><D:resourcetype>${type}</D:resourcetype>${more}</D:prop>`;
  return `<D:response><D:href>${href}</D:href><D:propstat>${prop}<D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>`;
}

const top = response('/base%20dir/', 'folder');
/** Takes everything; `special` answers before it. */
const willing =
  (special: Answers): Answers =>
  (method, path, request) => {
    const reply = special(method, path, request);
    if (reply !== undefined) return reply;
    if (method === 'PROPFIND') return multistatus(response(path, path.endsWith('/') ? 'folder' : 'file'));
    return { status: method === 'GET' ? 404 : 201 };
  };
const put = (store: Store): Promise<unknown> => store.putNew('packs/a', [utf8('x')]);
const verbs: readonly (readonly [string, (store: Store) => Promise<unknown>])[] = [
  ['get', (store) => store.get('genesis', { maxBytes: 100 })],
  ['putNew', put],
  ['list', (store) => store.list('', { limit: 3 })],
  ['delete', (store) => store.delete('genesis')],
  ['putHint', (store) => store.putHint(utf8('x'))],
  ['getHint', (store) => store.getHint(undefined)],
];

describe('a WebDAV server that refuses', () => {
  test.for([
    [401, 'E_STORE_DENIED'],
    [403, 'E_STORE_DENIED'],
    [413, 'E_STORE_DENIED'],
    [423, 'E_STORE_UNREACHABLE'],
    [429, 'E_STORE_UNREACHABLE'],
    [500, 'E_STORE_UNREACHABLE'],
    [503, 'E_STORE_UNREACHABLE'],
    [507, 'E_STORE_FULL'],
    [307, 'E_STORE_REDIRECT'],
    [200, 'E_STORE_BEHAVIOUR'],
  ] as const)('%d is %s, whatever was asked', async ([status, code]) => {
    for (const [name, ask] of verbs) {
      // Of most verbs it says that all is well.
      if (status === 200 && name !== 'list' && name !== 'delete') continue;
      const { store } = await openAt(() => ({ status, headers: { 'retry-after': '7', location: '/login' } }));
      const failure = await failureOf(ask(store));
      expect(failure, `${name}: ${failure.message}`).toMatchObject({ code });
      if (status === 429 || status === 503) expect(failure).toMatchObject({ retryAfterMs: 7000 });
    }
  });

  test('is told what it should offer, where it offers no Basic authentication', async () => {
    const { store } = await openAt(() => ({ status: 401, headers: { 'www-authenticate': 'Digest realm="x", nonce="y"' } }));
    expect(await failureOf(put(store))).toMatchObject({ action: expect.stringContaining('Basic') as string });
  });

  test('is asked for the missing folder in words', async () => {
    const { store } = await openAt((method) => ({ status: method === 'PUT' || method === 'MKCOL' ? 409 : 404 }));
    for (const [, ask] of verbs) {
      const failure = await failureOf(ask(store));
      expect(failure).toMatchObject({ code: 'E_STORE_UNREACHABLE', message: 'the folder /base%20dir/ is not there' });
    }
  });
});

describe('a MOVE', () => {
  const moved = (reply: Reply | undefined): Promise<Listener & { readonly store: Store; readonly asked: string[] }> =>
    openAt((method, path) => (method === 'MOVE' ? reply : willing(() => undefined)(method, path, undefined as unknown as IncomingMessage)));
  const deletions = (asked: readonly string[]): readonly string[] => asked.filter((line) => line.startsWith('DELETE'));

  test.for([207, 202, 423, 500, 502, 504, 404])('that is answered with %d may have happened: the sent object stays', async (status) => {
    const { store, asked } = await moved({ status });
    expect(await put(store)).toBe('unknown');
    expect(deletions(asked)).toEqual([]);
  });

  test('without an answer may have happened: the sent object stays', async () => {
    const { store, asked } = await moved(undefined);
    expect(await put(store)).toBe('unknown');
    expect(deletions(asked)).toEqual([]);
  });

  test('that finds the name taken leaves nothing behind', async () => {
    const { store, asked } = await moved({ status: 412 });
    expect(await put(store)).toBe('exists');
    expect(deletions(asked)).toEqual([expect.stringMatching(/^DELETE \/base%20dir\/staging_\/[0-9a-f]{32}$/) as string]);
  });

  test.for([403, 405, 409])('that loses a race with %d is looked after', async (status) => {
    const { store } = await moved({ status });
    expect(await put(store)).toBe('exists');
  });

  test('names its destination by path where a whole URL is not understood, and always says Overwrite: F', async () => {
    const destinations: unknown[] = [];
    const { store, origin } = await openAt(
      willing((method, _path, { headers }) => {
        if (method !== 'MOVE') return undefined;
        destinations.push(headers['destination']);
        expect(headers['overwrite']).toBe('F');
        return { status: String(headers['destination']).startsWith('http') ? 502 : 201 };
      }),
    );
    expect(await put(store)).toBe('stored');
    expect(await put(store)).toBe('stored');
    expect(destinations).toEqual([`${origin}/base%20dir/packs/a`, '/base%20dir/packs/a', '/base%20dir/packs/a']);
  });
});

describe('a listing', () => {
  const list = async (reply: Reply): Promise<unknown> => {
    const { store } = await openAt((_method, path) => (path === '/base%20dir/' ? reply : multistatus()));
    return (await store.list('', { limit: 10 })).names;
  };

  test('holds only names that can be names, of this folder, of this host', async () => {
    const evil = [
      'http://elsewhere.example/base%20dir/a1',
      '//elsewhere.example/base%20dir/a2',
      '/other/a3',
      '/base%20dir/../a4',
      '/base%20dir/sub/a5',
      '/base%20dir/a%2Fb',
      '/base%20dir/..%2F..%2Fa6',
      '/base%20dir/A7',
      '/base%20dir/a%zz',
      '/base%20dir/a.txt',
      '/base%20dir/.hidden',
      '/base%20dir/a%00',
      '/base%20dir/%C3%A4',
      'javascript:alert(1)',
      '',
    ];
    const responses = [...evil, '/base%20dir/good-1', '/base dir/good-2', '/base%20dir/good-2'].map((href) => response(href, 'file'));
    expect(await list(multistatus(top, ...responses))).toEqual(['good-1', 'good-2']);
  });

  test('shows no name that could not be got: a journal has its names in folders of their own', async () => {
    const { store } = await openAt((_method, path) => {
      const at = '/base%20dir/journal/';
      const misplaced = response(`${at}000000000007-aa`, 'file');
      if (path === at) return multistatus(response(`${at}0000000001_/`, 'folder'), response(`${at}0000000000_/`, 'folder'), misplaced);
      const [here, other] = path.includes('0000000000_') ? ['000000000012-aa', '000000000112-aa'] : ['000000000113-aa', '000000000012-bb'];
      return multistatus(response(path + here, 'file'), response(path + other, 'file'));
    });
    expect((await store.list('journal/', { limit: 10 })).names).toEqual(
      ['000000000012-aa', '000000000113-aa'].map((name) => `journal/${name}`),
    );
    expect((await store.list('journal/', { limit: 10, after: 'journal/000000000100' })).names).toEqual(['journal/000000000113-aa']);
  });

  test.for([
    ['HTML', '<html><body>Sign in</body></html>'],
    ['another document', '<D:prop xmlns:D="DAV:"/>'],
    ['a document type', '<!DOCTYPE x [<!ENTITY a "aaaa">]><D:multistatus xmlns:D="DAV:"/>'],
    ['half a document', '<D:multistatus xmlns:D="DAV:"><D:response>'],
    ['nothing', ''],
  ])('that is %s is misbehaviour', async ([, body]) => {
    expect(await failureOf(list({ status: 207, body: body! }))).toMatchObject({ code: 'E_STORE_BEHAVIOUR' });
  });

  test('of folders in folders that a server makes up comes to an end', async () => {
    const { store, asked } = await openAt((_, path) =>
      multistatus(...['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => response(`${path}${name}/`, 'folder'))),
    );
    expect(await failureOf(store.list('journal/', { limit: 10 }))).toMatchObject({ code: 'E_LIMIT' });
    expect(asked.length).toBeLessThan(1100);
  });

  test('without an end is not read to its end', async () => {
    const body = Buffer.alloc(40 * 1024 * 1024, 0x20);
    expect(await failureOf(list({ status: 207, body }))).toMatchObject({ code: 'E_LIMIT' });
  });
});

describe('reading', () => {
  test('takes a part out of the whole where a server knows no ranges', async () => {
    const { store } = await openAt(() => ({ status: 200, body: '0123456789' }));
    const part = (start: number, length: number, maxBytes = 10): Promise<unknown> => store.get('a', { maxBytes, range: { start, length } });
    expect(await part(3, 4)).toEqual(utf8('3456'));
    expect(await part(8, 5, 2)).toEqual(utf8('89'));
    expect(await part(10, 5)).toEqual(new Uint8Array(0));
    expect(await failureOf(part(0, 4, 3))).toMatchObject({ code: 'E_LIMIT' });
    expect(await failureOf(store.get('a', { maxBytes: 9 }))).toMatchObject({ code: 'E_LIMIT' });
  });

  test('refuses another part than was asked for', async () => {
    const { store } = await openAt(() => ({ status: 206, body: 'abc', headers: { 'content-range': 'bytes 0-2/10' } }));
    expect(await failureOf(store.get('a', { maxBytes: 10, range: { start: 5, length: 3 } }))).toMatchObject({ code: 'E_STORE_BEHAVIOUR' });
  });

  test('believes neither 304 nor a tag: a hint is new when its bytes are', async () => {
    let text = 'one';
    const { store, requests } = await openAt(() => ({ status: 200, body: text, headers: { etag: '"same"' } }));
    const first = await store.getHint(undefined);
    expect(await store.getHint(first?.tag)).toBeUndefined();
    text = 'two';
    expect((await store.getHint(first?.tag))?.bytes).toEqual(utf8('two'));
    expect(requests.some(({ headers }) => 'if-none-match' in headers)).toBe(false);
  });
});

describe('deleting', () => {
  test('never touches a folder', async () => {
    const { store, asked } = await openAt((_method, path) => multistatus(response(`${path}/`, 'folder')));
    await store.delete('packs');
    expect(asked).toEqual(['PROPFIND /base%20dir/packs']);
  });

  test('removes from the staging folder only what is a day old by the server itself', async () => {
    const [old, young, foreign] = ['0'.repeat(32), '1'.repeat(32), 'notes.txt'];
    const date = 'Wed, 21 Oct 2026 07:28:00 GMT';
    const at = (name: string, when: string): string =>
      response(`/base%20dir/staging_/${name}`, 'file', `<D:getlastmodified>${when}</D:getlastmodified>`);
    const { store, asked } = await openAt(
      willing((method, path) => {
        if (method !== 'PROPFIND' || !path.endsWith('/staging_/')) return undefined;
        const yesterday = 'Tue, 20 Oct 2026 07:00:00 GMT';
        return {
          ...multistatus(at(old, yesterday), at(young, 'Wed, 21 Oct 2026 07:00:00 GMT'), at(foreign, yesterday)),
          headers: { date },
        };
      }),
    );
    expect(await put(store)).toBe('stored');
    expect(asked.filter((line) => line.startsWith('DELETE'))).toEqual([`DELETE /base%20dir/staging_/${old}`]);
  });
});
