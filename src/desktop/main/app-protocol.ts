/** app://ui/…: the windows' own files, and nothing else; each with the policy that keeps everything else out. */
import fs from 'node:fs/promises';
import { protocol, type Session } from 'electron';
import { fileOf } from './app-files.ts';

/** Images may be shown from memory (previews); scripts, styles and connections are our own files. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/** To be called before the app is ready. */
export function announceAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the files of `dir`. */
export function serveApp(session: Session, dir: string): void {
  session.protocol.handle('app', async ({ url, method }) => {
    const file = method === 'GET' ? fileOf(dir, url) : undefined;
    if (file === undefined) return new Response('', { status: 404 });
    try {
      const body = await fs.readFile(file.path);
      return new Response(new Uint8Array(body), {
        headers: {
          'content-type': file.type,
          'content-security-policy': policy,
          'x-content-type-options': 'nosniff',
          'cross-origin-opener-policy': 'same-origin',
          'referrer-policy': 'no-referrer',
        },
      });
    } catch {
      return new Response('', { status: 404 });
    }
  });
}
