/** A store URL as it may be shown: without user, password and query. What is no URL shows its scheme only. */
export function redactUrl(text: string): string {
  const [, scheme = '', rest = ''] = /^([A-Za-z0-9+.-]{1,20}):\/\/(.*)$/s.exec(text) ?? [];
  if (scheme === '') return '***';
  if (scheme === 'file') return text;
  try {
    // As http: only then are user and host taken apart in the same way for every scheme.
    const url = new URL(`http://${rest}`);
    // An unescaped '/' in a secret cuts it in two, and the second half looks like a path.
    if (url.pathname.includes('@')) return `${scheme}://***`;
    const user = url.username === '' && url.password === '' ? '' : '***@';
    return `${scheme}://${user}${url.host}${url.pathname}`;
  } catch {
    return `${scheme}://***`;
  }
}
