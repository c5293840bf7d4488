// Gets ready what the tests of the desktop app need and npm does not bring. Prints what is still missing, a line each.
import { provideNeeds } from './desktop-needs.mjs';
import { findElectron } from './electron-runtime.mjs';

const missing = provideNeeds('test');
for (const name of missing) console.log(`the package ${name} (Debian's name for it)`);
if (missing.length === 0) {
  try {
    await findElectron();
  } catch (error) {
    console.log(`an Electron: ${error.message}`);
  }
}
