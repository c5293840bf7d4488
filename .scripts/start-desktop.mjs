// Opens the desktop app that was built. Where there is no display, says so, and what to use instead.
import path from 'node:path';
import { provideNeeds } from './desktop-needs.mjs';
import { findElectron } from './electron-runtime.mjs';
import { runChild } from './run-child.mjs';

const root = path.resolve(import.meta.dirname, '..');

try {
  if (hasDisplay()) process.exitCode = await open(process.argv.slice(2));
  else sayHowElse();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return [process.env.DISPLAY, process.env.WAYLAND_DISPLAY].some((display) => (display ?? '') !== '');
}

function sayHowElse() {
  console.log(
    [
      'There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set): the desktop app has nowhere to open its windows.',
      'Everything works from the command line, too:',
      '',
      '    npx cachette --help',
      "    npx cachette init --store 'URL' --folder DIR",
      '    npx cachette sync --watch',
      '',
      'To see two computers in sync through a store that sees nothing: npm run demo',
    ].join('\n'),
  );
}

async function open(args) {
  const missing = provideNeeds('run');
  if (missing.length > 0) throw new Error(`the desktop app needs packages that are not installed (Debian's names): ${missing.join(' ')}`);
  const { program, isStandIn, version } = await findElectron();
  if (isStandIn)
    console.error(`Electron's own download could not be had; this is an older stand-in (${version}), for a look and for tests`);
  // Root has no sandbox to be had.
  const rootArgs = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const { code } = await runChild(program, [...rootArgs, root, ...args]);
  return code ?? 1;
}
