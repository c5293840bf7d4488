// Bundles src into dist, so that a command starts by reading a few files and not hundreds. Skipped while nothing changed.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { buildDesktop } from './build-desktop.mjs';
import { buildNative } from './build-native.mjs';
import { withLock } from './lock.mjs';

const root = path.resolve(import.meta.dirname, '..');
const dist = path.join(root, 'dist');
const stampFile = path.join(dist, '.stamp');

/** What dist offers, by name; an entry whose source does not exist is left out. */
const entries = {
  'cli-main': 'src/cli/main.ts',
  'chunk-worker': 'src/agent/threads/chunk-worker.ts',
};

/**
 * Left in node_modules: native code, which finds its binary beside its own package.json, and Fastify, whose generated
 * validators load files by a name computed at run time. Fastify is loaded by `serve` alone, so nobody else pays for it.
 */
const external = ['better-sqlite3', 'sodium-native', 'fastify', /^@fastify\//u];

/** A running process may still load a chunk of the build before this one. */
const staleMs = 10 * 60_000;

await withLock(path.join(root, '.tmp', 'build.lock'), build);

async function build() {
  const stamp = sourceStamp();
  if (readText(stampFile) === stamp) return;
  const startMs = Date.now();
  const input = Object.fromEntries(Object.entries(entries).filter(([, file]) => fs.existsSync(path.join(root, file))));
  const made = path.join(root, '.tmp', `build-${process.pid}`);
  fs.rmSync(made, { recursive: true, force: true });
  fs.mkdirSync(made, { recursive: true });
  try {
    const { rolldown } = await import('rolldown');
    if (Object.keys(input).length > 0) await bundle(rolldown, input, made);
    await buildDesktop(root, made, rolldown);
    buildNative(root, made);
    fs.copyFileSync(path.join(import.meta.dirname, 'launcher.mjs'), path.join(made, 'cli.js'));
    fs.chmodSync(path.join(made, 'cli.js'), 0o755);
    publish(made, Object.keys(input));
  } finally {
    fs.rmSync(made, { recursive: true, force: true });
  }
  fs.writeFileSync(stampFile, stamp);
  console.error(`built dist (${Date.now() - startMs} ms)`);
}

async function bundle(rolldown, input, dir) {
  const warnings = [];
  const result = await rolldown({
    input,
    cwd: root,
    platform: 'node',
    external,
    tsconfig: path.join(root, 'tsconfig.json'),
    onLog: (level, log) => {
      if (level === 'warn') warnings.push(log.message);
    },
  });
  try {
    await result.write({
      dir,
      format: 'esm',
      sourcemap: true,
      // Flat, so that a path relative to import.meta.url means the same in every file of dist.
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
    });
  } finally {
    await result.close();
  }
  if (warnings.length > 0) throw new Error(`the bundle has warnings:\n${warnings.join('\n')}`);
}

/**
 * Each file appears whole (rename), and what refers to others comes after them: shared chunks, whose names change with their
 * content, then the entries, the launcher last. A crash in between leaves the old or the new entry, each with all it needs.
 */
function publish(made, entryNames) {
  fs.mkdirSync(dist, { recursive: true });
  fs.rmSync(stampFile, { force: true });
  const order = (file) => (file === 'cli.js' ? 2 : entryNames.includes(file.replace(/\.js$/u, '')) ? 1 : 0);
  const files = fs.readdirSync(made).toSorted((a, b) => order(a) - order(b) || (a < b ? -1 : 1));
  for (const file of files) {
    // A folder does not take the place of one that is not empty.
    if (fs.statSync(path.join(made, file)).isDirectory()) fs.rmSync(path.join(dist, file), { recursive: true, force: true });
    fs.renameSync(path.join(made, file), path.join(dist, file));
  }
  const known = new Set(files);
  for (const file of fs.readdirSync(dist)) {
    const full = path.join(dist, file);
    if (!known.has(file) && Date.now() - fs.statSync(full).mtimeMs > staleMs) fs.rmSync(full, { recursive: true });
  }
}

/** Changes when the outcome could: sources, this folder, packages, compiler flags. */
function sourceStamp() {
  const hash = createHash('sha256').update(process.version);
  const files = [
    ...filesUnder('src'),
    ...filesUnder('renderer'),
    'native/binding.gyp',
    ...filesUnder('native/src'),
    ...filesUnder('.scripts'),
    'package.json',
    'package-lock.json',
    'tsconfig.json',
  ];
  for (const file of files.toSorted()) {
    hash.update(`${file}\0`).update(
      createHash('sha256')
        .update(fs.readFileSync(path.join(root, file)))
        .digest(),
    );
  }
  return hash.digest('hex');
}

function filesUnder(folder) {
  const full = path.join(root, folder);
  if (!fs.existsSync(full)) return [];
  return fs
    .readdirSync(full, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
}

function readText(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
