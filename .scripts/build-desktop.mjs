// The desktop's parts of dist: the main program, what windows get of it, the windows themselves, and the icons.
import fs from 'node:fs';
import path from 'node:path';
import { drawIcons } from './draw-icons.mjs';

/** Of the oldest Electron that it is run with: Node 20, Chromium 130. */
const target = ['node20', 'chrome130'];

/**
 * Builds into `dir`.
 * @param {string} root
 * @param {string} dir
 * @param {(input: object) => Promise<object>} rolldown
 */
export async function buildDesktop(root, dir, rolldown) {
  const source = path.join(root, 'src', 'desktop');
  const made = path.join(dir, 'desktop');
  const common = { cwd: root, platform: 'node', external: ['electron'], tsconfig: path.join(root, 'tsconfig.json'), transform: { target } };
  const write = async (input, output) => {
    const bundle = await rolldown({ ...common, input });
    await bundle.write({ dir: made, sourcemap: true, codeSplitting: false, ...output });
    await bundle.close();
  };
  await write(path.join(source, 'main', 'main.ts'), { format: 'esm', entryFileNames: 'main.js' });
  // Within the sandbox only this form is known.
  await write(path.join(source, 'preload', 'preload.ts'), { format: 'cjs', entryFileNames: 'preload.cjs' });
  writeUpdateTrust(source, made);
  await drawIcons(path.join(source, 'icons'), path.join(made, 'icons'));
  await buildRenderer(root, dir);
}

/** Whom the app takes updates from: as the file says, or as the environment does (CACHETTE_UPDATE_FEED, CACHETTE_UPDATE_KEYS with spaces between). */
function writeUpdateTrust(source, made) {
  const trust = JSON.parse(fs.readFileSync(path.join(source, 'update-trust.json'), 'utf8'));
  const keys = (process.env.CACHETTE_UPDATE_KEYS ?? '').split(' ').filter((key) => key !== '');
  const feed = process.env.CACHETTE_UPDATE_FEED ?? trust.feed;
  fs.writeFileSync(path.join(made, 'update-trust.json'), JSON.stringify({ feed, keys: keys.length > 0 ? keys : trust.keys }));
}

async function buildRenderer(root, dir) {
  const config = path.join(root, 'renderer', 'vite.config.ts');
  if (!fs.existsSync(config)) return;
  const { build } = await import('vite');
  await build({ configFile: config, logLevel: 'warn', build: { outDir: path.join(dir, 'renderer'), emptyOutDir: true } });
}
