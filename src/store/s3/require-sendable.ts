import { Failure } from '../../base/failure.ts';
import type { StoreCredentials } from '../store-address.ts';

/** What may stand in a header, and in a key of whoever gives them out. */
const visibleAscii = /^[\u0021-\u007e]+$/;
/** RFC 7617 forbids them in user and password. */
const control = /[\u0000-\u001f\u007f]/;

/**
 * Credentials that no request can carry are a slip of the pen (a line break that came along), and not a store that is away:
 * the client of HTTP can't tell the two apart. Throws E_USAGE, and repeats nothing of them.
 */
export function requireSendable(credentials: StoreCredentials): void {
  const wrong = unsendable(credentials);
  if (wrong === undefined) return;
  throw new Failure('E_USAGE', `the ${wrong} for this store has a line break or a character in it that none can have`, {
    action: 'look where it was copied from; nothing was sent',
  });
}

function unsendable(credentials: StoreCredentials): string | undefined {
  switch (credentials.kind) {
    case 'token':
      return visibleAscii.test(credentials.token) ? undefined : 'token';
    case 'key-pair':
      if (!visibleAscii.test(credentials.keyId)) return 'access key id';
      if (control.test(credentials.secret)) return 'secret key';
      return visibleAscii.test(credentials.sessionToken ?? 'none') ? undefined : 'session token';
    case 'password':
      if (control.test(credentials.user)) return 'user name';
      return control.test(credentials.password) ? 'password' : undefined;
  }
}
