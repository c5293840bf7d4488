// Stands in for Electron's own default app: `electron [-r SCRIPT] [--flags] FOLDER [args]` starts the app in FOLDER. An ES module that awaits at
// its top: Electron holds back `ready` until that has ended, so that the app may register its protocol in time.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const args = process.argv.slice(1);
const required = args.indexOf('-r');
if (required !== -1) createRequire(import.meta.url)(path.resolve(args.splice(required, 2)[1] ?? ''));
const folder = args.find((arg) => !arg.startsWith('-'));
if (folder === undefined) {
  console.error('usage: electron FOLDER');
  process.exit(2);
}
const dir = path.resolve(folder);
const manifest = JSON.parse(fs.readFileSync(path.join(dir, 'package.json'), 'utf8'));
app.setVersion(manifest.version);
app.name = manifest.productName ?? manifest.name;
app.setDesktopName(manifest.desktopName ?? `${manifest.name}.desktop`);
app.setAppPath(dir);
process.defaultApp = true;
try {
  await import(pathToFileURL(path.resolve(dir, manifest.main)).href);
} catch (error) {
  console.error(error);
  process.exit(1);
}
