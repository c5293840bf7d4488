import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { checkServerIdentity as checkIdentity, getCACertificates, type PeerCertificate } from 'node:tls';
import { SocksProxyAgent } from 'socks-proxy-agent';
import { chooseProxy } from './choose-proxy.ts';

/** How a server is reached, besides its address. */
export interface HttpRoute {
  /** `http://host:port`, `https://…`, `socks5://…`, `socks5h://…` or `none`; undefined: what `env` says. */
  readonly proxy?: string | undefined;
  /** The system's variables; none unless given. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** Certificates (PEM) of authorities that are trusted beside the usual ones. */
  readonly ca?: string | undefined;
}

export interface HttpAgents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
  /** Host and port of the proxy, for people; undefined where there is none. */
  readonly proxyHost: string | undefined;
}

const maxSockets = 8;
/** A proxy that has made no connection by then is let go of, also by those who no longer wait for it. An idle connection, too. */
const proxySilenceMs = 60_000;

/** Keeps connections to one origin, by the way that leads there. Throws E_USAGE. */
export function openHttpAgents(origin: string, route: HttpRoute): HttpAgents {
  const proxy = chooseProxy(new URL(origin), route.proxy, route.env ?? {});
  const ca = route.ca === undefined ? {} : { ca: [...getCACertificates('default'), route.ca] };
  const pool = { keepAlive: true, maxSockets, maxFreeSockets: maxSockets };
  const tls = { ...pool, ...ca, minVersion: 'TLSv1.2' } as const;
  if (proxy?.protocol.startsWith('socks') === true) {
    // One kind of agent for both: it sees by itself where TLS is asked for. It does not tell TLS the host where that is an address.
    const hostname = new URL(origin).hostname.replaceAll(/[[\]]/g, '');
    const checkServerIdentity = (_: string, certificate: PeerCertificate): Error | undefined => checkIdentity(hostname, certificate);
    const options = { ...tls, checkServerIdentity };
    const agent = new SocksProxyAgent(proxy, options);
    return { http: agent, https: agent, proxyHost: proxy.host };
  }
  // Always given, or Node would look into variables of its own choosing.
  const proxyEnv = proxy === undefined ? {} : { HTTP_PROXY: proxy.href, HTTPS_PROXY: proxy.href };
  const limit = proxy === undefined ? {} : { timeout: proxySilenceMs };
  return {
    http: new HttpAgent({ ...pool, ...limit, proxyEnv }),
    https: new HttpsAgent({ ...tls, ...limit, proxyEnv }),
    proxyHost: proxy?.host,
  };
}
