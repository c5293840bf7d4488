/**
 * The key of a feed of updates, and its signatures; for maintainers, on a computer that is not on a network:
 *
 *     npm run sign-feed -- make-key FILE             a new private key in FILE, sealed with CACHETTE_FEED_PASSPHRASE; prints the public one
 *     npm run sign-feed -- sign FILE FOLDER [DAYS]   signs what `npm run dist` left in FOLDER; holds for DAYS (180): sign again before that
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { makeFeedSignature, sha512Of } from '../src/desktop/main/updates/feed-signature.ts';

const dayMs = 24 * 60 * 60_000;

/** Prints the public key, as it stands in src/desktop/update-trust.json. Never over a file that is there. */
function makeKey(file, passphrase) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase });
  fs.writeFileSync(file, pem, { mode: 0o600, flag: 'wx' });
  console.log(publicText(publicKey));
}

function publicText(key) {
  return Buffer.from(key.export({ format: 'jwk' }).x, 'base64url').toString('base64');
}

async function signFolder(keyFile, dir, { days, passphrase }) {
  const { parseRelease } = await import('../src/desktop/main/updates/release.ts');
  const key = createPrivateKey({ key: fs.readFileSync(keyFile), passphrase });
  const names = fs.readdirSync(dir).filter((name) => /^latest[\w.-]*\.yml$/.test(name));
  if (names.length === 0) throw new Error(`${dir} has no latest*.yml: \`npm run dist\` writes it`);
  for (const file of names) {
    const metadata = fs.readFileSync(path.join(dir, file));
    checkPackages(dir, file, parseRelease(metadata));
    const statement = { file, sha512: sha512Of(metadata), signedMs: Date.now(), expiresMs: Date.now() + days * dayMs };
    fs.writeFileSync(path.join(dir, `${file}.sig`), makeFeedSignature(statement, [key]));
    console.log(`${file}.sig: with ${publicText(createPublicKey(key))}, until ${new Date(statement.expiresMs).toISOString()}`);
  }
}

/** What is signed is what lies there. */
function checkPackages(dir, file, release) {
  if (release === undefined) throw new Error(`${file} is nothing that the app would understand`);
  for (const { url, sha512, size } of release.files) {
    const bytes = fs.readFileSync(path.join(dir, url));
    if (bytes.length !== size || sha512Of(bytes) !== sha512) throw new Error(`${url} is not what ${file} says: nothing was signed`);
  }
}

const [act, keyFile, dir, days = '180'] = process.argv.slice(2);
const passphrase = process.env.CACHETTE_FEED_PASSPHRASE ?? '';
try {
  if (passphrase === '') throw new Error('CACHETTE_FEED_PASSPHRASE is missing: it seals the key');
  if (act === 'make-key' && keyFile !== undefined) makeKey(keyFile, passphrase);
  else if (act === 'sign' && dir !== undefined && Number(days) > 0) await signFolder(keyFile, dir, { days: Number(days), passphrase });
  else throw new Error('make-key FILE, or sign FILE FOLDER [DAYS]');
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
