// Somebody who swaps a folder for a link to another place, over and over. Arguments: the folder, the other place.
import fs from 'node:fs';

const [, , folder = '', outside = ''] = process.argv;
process.stdout.write('.');
for (;;) {
  fs.renameSync(folder, `${folder}.real`);
  fs.symlinkSync(outside, folder);
  for (let wait = 0; wait < 200; wait += 1) fs.lstatSync(folder);
  fs.unlinkSync(folder);
  fs.renameSync(`${folder}.real`, folder);
  for (let wait = 0; wait < 200; wait += 1) fs.lstatSync(folder);
}
