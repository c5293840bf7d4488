import fs from 'node:fs';
import path from 'node:path';

/** A secret in all the ways in which a careless program could let it out. */
export function encodings(secret: string): Buffer[] {
  const utf8 = Buffer.from(secret, 'utf8');
  const base64 = utf8.toString('base64').replace(/=+$/, '');
  const inner = [1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift, 'x'), utf8])
      .toString('base64')
      .slice(4, -4),
  );
  const texts = [
    secret,
    encodeURIComponent(secret),
    secret.toLowerCase(),
    secret.toUpperCase(),
    utf8.toString('hex'),
    utf8.toString('hex').toUpperCase(),
    base64,
    base64.replaceAll('+', '-').replaceAll('/', '_'),
    ...inner,
    [...secret].toReversed().join(''),
    secret.replaceAll(/[^0-9A-Za-z]/g, ''),
  ];
  return [...new Set(texts)]
    .filter((text) => text.length >= 6)
    .flatMap((text) => [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le')]);
}

/** Whether the bytes hold the secret in any of them. */
export function holdsCanary(bytes: Buffer, secret: string): boolean {
  return encodings(secret).some((form) => bytes.includes(form));
}

/** Files below a folder, and their names, that hold the secret. */
export function filesWithCanary(folder: string, secret: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => ({ file: path.join(entry.parentPath, entry.name), isFile: entry.isFile() }))
    .filter(
      ({ file, isFile }) =>
        holdsCanary(Buffer.from(path.relative(folder, file)), secret) || (isFile && holdsCanary(fs.readFileSync(file), secret)),
    )
    .map(({ file }) => path.relative(folder, file));
}
