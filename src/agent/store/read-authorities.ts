import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Failure } from '../../base/failure.ts';

/** The certificates of the setting `store.ca`, as PEM. Throws E_NOT_FOUND for a file without any. */
export async function readAuthorities(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  if (isCertificate(text)) return text;
  throw new Failure('E_NOT_FOUND', `no certificates can be read from ${file}`, {
    subject: file,
    action: "`cachette config set store.ca FILE`, or 'default'",
  });
}

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).subject !== undefined;
  } catch {
    return false;
  }
}
