#!/usr/bin/env node
// Does for electron-builder's `deb` target what fpm does, by dpkg-deb: that part of fpm's command line that it uses. What goes into
// the package is electron-builder's own choice.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const { options, lists, files } = parse(process.argv.slice(2));
if (options.s !== 'dir' || options.t !== 'deb') throw new Error(`only from a folder to a .deb, not ${options.s} to ${options.t}`);
const tree = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-deb-'));
try {
  for (const [from, to] of files) copy(from, path.join(tree, to));
  execFileSync('chmod', ['-R', 'u=rwX,go=rX', tree]);
  writeControl(path.join(tree, 'DEBIAN'));
  const fast = (process.env.CACHETTE_FAST_DEB ?? '') === '' ? [`-Z${options['deb-compression'] ?? 'xz'}`] : ['-Zzstd', '-z1'];
  execFileSync('dpkg-deb', ['--root-owner-group', ...fast, '--build', tree, options.package], { stdio: 'inherit' });
} finally {
  fs.rmSync(tree, { recursive: true, force: true });
}

/** `--name value` and `-x value`, some of them more than once; the rest are `from=to`. */
function parse(args) {
  const parsed = { options: {}, lists: { d: [], 'deb-recommends': [] }, files: [] };
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at];
    if (arg === '--force' || arg === '--debug') continue;
    if (!arg.startsWith('-')) {
      const cut = arg.lastIndexOf('=');
      parsed.files.push([arg.slice(0, cut), arg.slice(cut + 1)]);
      continue;
    }
    const name = arg.replace(/^-+/u, '');
    at += 1;
    if (Object.hasOwn(parsed.lists, name)) parsed.lists[name].push(args[at]);
    else parsed.options[name] = args[at];
  }
  return parsed;
}

/** A folder that ends in a slash: what is in it. */
function copy(from, to) {
  const isContent = from.endsWith('/');
  fs.mkdirSync(isContent ? to : path.dirname(to), { recursive: true });
  execFileSync('cp', ['-a', '--reflink=auto', isContent ? `${from}.` : from, to]);
}

function writeControl(dir) {
  fs.mkdirSync(dir);
  const size = execFileSync('du', ['-sk', path.dirname(dir)], { encoding: 'utf8' }).split('\t')[0];
  const [summary = options.name, ...more] = (options.description ?? '').split('\n');
  const fields = {
    Package: options.name,
    Version: options.iteration === undefined ? options.version : `${options.version}-${options.iteration}`,
    License: options.license,
    Vendor: options.vendor,
    Architecture: options.architecture,
    Maintainer: options.maintainer,
    'Installed-Size': size,
    Depends: lists.d.join(', '),
    Recommends: lists['deb-recommends'].join(', '),
    Section: options.category ?? 'default',
    Priority: options['deb-priority'],
    Homepage: options.url,
    Description: [summary.trim(), ...more.map((line) => ` ${line.trim() || '.'}`)].join('\n'),
  };
  const said = Object.entries(fields).filter(([, value]) => (value ?? '') !== '');
  fs.writeFileSync(path.join(dir, 'control'), said.map(([name, value]) => `${name}: ${value}\n`).join(''));
  const scripts = { 'before-install': 'preinst', 'after-install': 'postinst', 'before-remove': 'prerm', 'after-remove': 'postrm' };
  for (const [option, name] of Object.entries(scripts)) {
    if (options[option] === undefined) continue;
    fs.copyFileSync(options[option], path.join(dir, name));
    fs.chmodSync(path.join(dir, name), 0o755);
  }
}
