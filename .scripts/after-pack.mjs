// What electron-builder leaves in a package that has no business there.
import fs from 'node:fs';
import path from 'node:path';

/** Called by electron-builder with the folder of the unpacked app. */
export default function afterPack({ appOutDir, electronPlatformName }) {
  // Of an Electron that was not unpacked for packaging.
  for (const name of ['resources/default_app.asar', 'version']) fs.rmSync(path.join(appOutDir, name), { force: true });
  const resources =
    electronPlatformName === 'darwin' ? path.join(appOutDir, 'Cachette.app', 'Contents', 'Resources') : path.join(appOutDir, 'resources');
  dropOtherPrebuilds(path.join(resources, 'app.asar.unpacked', 'node_modules'), electronPlatformName);
}

/** Native code of other systems: half of the package's size. */
function dropOtherPrebuilds(modules, platform) {
  if (!fs.existsSync(modules)) return;
  for (const name of fs.readdirSync(modules)) {
    const prebuilds = path.join(modules, name, 'prebuilds');
    if (!fs.existsSync(prebuilds)) continue;
    for (const built of fs.readdirSync(prebuilds)) {
      if (!built.startsWith(`${platform}-`)) fs.rmSync(path.join(prebuilds, built), { recursive: true });
    }
  }
}
