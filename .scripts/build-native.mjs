// The native code (native/), by node-gyp with the headers that come with the project's Node. Skipped while nothing changed; left out
// where it can't be built.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const target = `${process.platform}-${process.arch}`;

/**
 * Builds into native/prebuilds, and puts what is there for this system into `dir`/prebuilds.
 * @param {string} root
 * @param {string} dir
 */
export function buildNative(root, dir) {
  const made = path.join(root, 'native', 'prebuilds', target);
  const stamp = sourceStamp(path.join(root, 'native'));
  const stampFile = path.join(made, '.stamp');
  const isThere = fs.existsSync(stampFile) && fs.readFileSync(stampFile, 'utf8') === stamp;
  if (!isThere && !compile(root, made, () => fs.writeFileSync(stampFile, stamp))) return;
  fs.cpSync(path.join(made, 'cachette.node'), path.join(dir, 'prebuilds', target, 'cachette.node'));
}

function compile(root, made, done) {
  const log = path.join(root, '.tmp', 'build-native.log');
  const headers = [path.join(root, 'node_modules', `node-${target}`), path.resolve(process.execPath, '../..')].find((folder) =>
    fs.existsSync(path.join(folder, 'include', 'node', 'node_api.h')),
  );
  const args = [
    path.join(root, 'node_modules/node-gyp/bin/node-gyp.js'),
    'rebuild',
    ...(headers === undefined ? [] : ['--nodedir', headers]),
  ];
  // What warns is mended before it lands; a newer compiler of somebody else's may warn of more.
  const strict = (process.env.CI ?? '') === '' ? [] : ['--', '-Dwerror=1'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args, ...strict], {
    cwd: path.join(root, 'native'),
    encoding: 'utf8',
  });
  fs.writeFileSync(log, `${stdout}${stderr}`);
  // Never the one of other sources.
  fs.rmSync(made, { recursive: true, force: true });
  if (status !== 0) {
    console.error(`native code is not built, plain JavaScript does its work (no compiler or no Python? see ${path.relative(root, log)})`);
    return false;
  }
  fs.mkdirSync(made, { recursive: true });
  fs.renameSync(path.join(root, 'native/build/Release/cachette.node'), path.join(made, 'cachette.node'));
  fs.rmSync(path.join(root, 'native/build'), { recursive: true });
  done();
  return true;
}

function sourceStamp(folder) {
  const hash = createHash('sha256');
  for (const name of ['binding.gyp', ...fs.readdirSync(path.join(folder, 'src')).map((each) => path.join('src', each))].toSorted())
    hash.update(`${name}\0`).update(fs.readFileSync(path.join(folder, name)));
  return hash.digest('hex');
}
