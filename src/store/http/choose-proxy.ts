import { BlockList, isIP } from 'node:net';
import { Failure } from '../../base/failure.ts';
import { isLoopback } from './is-loopback.ts';

/** The value of the `proxy` setting for "none, whatever the system says". */
export const noProxy = 'none';

const schemes = new Set(['http:', 'https:', 'socks5:', 'socks5h:']);

/**
 * The proxy on the way to an origin; undefined: straight there. Without a setting the system's variables decide, as for
 * other tools (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY, the lower-case ones first). Requests to this machine never
 * leave it for a proxy elsewhere: plain http is only allowed to here because nobody on the way can read it.
 * Throws E_USAGE for what is no proxy.
 */
export function chooseProxy(origin: URL, setting: string | undefined, env: NodeJS.ProcessEnv): URL | undefined {
  if (setting === noProxy) return undefined;
  if (setting !== undefined) {
    const proxy = parseProxy(setting);
    if (proxy === undefined) throw unusable('the setting proxy');
    return isLoopback(origin.hostname) && !isLoopback(proxy.hostname) ? undefined : proxy;
  }
  if (isLoopback(origin.hostname) || isExempt(origin, variable(env, 'no_proxy')?.text ?? '')) return undefined;
  const found = variable(env, origin.protocol === 'http:' ? 'http_proxy' : 'https_proxy') ?? variable(env, 'all_proxy');
  if (found === undefined) return undefined;
  const proxy = parseProxy(found.text.includes('://') ? found.text : `http://${found.text}`);
  if (proxy === undefined) throw unusable(`the variable ${found.name}`);
  return proxy;
}

/** A proxy's URL; undefined for anything that is none. */
export function parseProxy(text: string): URL | undefined {
  const url = URL.parse(text);
  const isPlain = url !== null && (url.pathname === '/' || url.pathname === '') && url.search === '' && url.hash === '';
  return isPlain && schemes.has(url.protocol) && url.hostname !== '' ? url : undefined;
}

function variable(env: NodeJS.ProcessEnv, lowerName: string): { readonly name: string; readonly text: string } | undefined {
  for (const name of [lowerName, lowerName.toUpperCase()]) {
    const text = env[name]?.trim() ?? '';
    if (text !== '') return { name, text };
  }
  return undefined;
}

/** Names, `.suffixes`, addresses and networks (`10.0.0.0/8`), each with a `:port` if it likes; `*` is everything. */
function isExempt(origin: URL, list: string): boolean {
  const hostname = origin.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = origin.port === '' ? (origin.protocol === 'http:' ? '80' : '443') : origin.port;
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      const [, name = '', entryPort] = /^\[?([^[\]]*?)\]?(?::(\d{1,5}))?$/.exec(isIP(entry) === 6 ? `[${entry}]` : entry) ?? [];
      if (name === '' || (entryPort !== undefined && entryPort !== port)) return false;
      return name === '*' || isInNetwork(hostname, name) || isInDomain(hostname, name.replace(/^\*?\./, ''));
    });
}

function isInDomain(hostname: string, domain: string): boolean {
  return hostname === domain || hostname.endsWith(`.${domain}`);
}

function isInNetwork(hostname: string, network: string): boolean {
  const [, start = '', bits = ''] = /^([\da-f.:]+)\/(\d{1,3})$/.exec(network) ?? [];
  const family = isIP(start);
  if (family === 0 || isIP(hostname) !== family || Number(bits) > (family === 4 ? 32 : 128)) return false;
  const block = new BlockList();
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  block.addSubnet(start, Number(bits), kind);
  return block.check(hostname, kind);
}

/** Never with the value: it may hold a password. */
function unusable(where: string): Failure {
  return new Failure('E_USAGE', `${where} holds no proxy that can be used`, {
    action: 'a proxy is http://host:port, https://host:port, socks5://host:port or socks5h://host:port (names are looked up by the proxy)',
  });
}
