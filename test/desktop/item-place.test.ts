/** What windows and menus name in the synced folder: found there, and nowhere else. */
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { findItemPlace } from '../../src/desktop/main/item-place.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';

async function makeFolder(): Promise<{ readonly folder: string; readonly elsewhere: string }> {
  const place = fs.realpathSync(await temporaryFolder());
  const [folder, elsewhere] = [path.join(place, 'synced'), path.join(place, 'elsewhere')];
  fs.mkdirSync(path.join(folder, 'a/b'), { recursive: true });
  fs.mkdirSync(elsewhere);
  fs.writeFileSync(path.join(elsewhere, 'secret.txt'), '');
  fs.symlinkSync(elsewhere, path.join(folder, 'link'));
  return { folder, elsewhere };
}

test('an item stands where its path says, also below a folder that is reached by a link', async () => {
  const { folder } = await makeFolder();
  expect(await findItemPlace(folder, 'a/b/c.txt')).toBe(path.join(folder, 'a/b/c.txt'));
  expect(await findItemPlace(folder, '')).toBe(folder);
  const way = `${folder}-by-link`;
  fs.symlinkSync(folder, way);
  expect(await findItemPlace(way, 'a/b/c.txt')).toBe(path.join(folder, 'a/b/c.txt'));
});

test('a link that somebody sent leads nowhere; it is shown itself', async () => {
  const { folder } = await makeFolder();
  await expect(findItemPlace(folder, 'link/secret.txt')).rejects.toMatchObject({ code: 'E_USAGE' });
  expect(await findItemPlace(folder, 'link')).toBe(path.join(folder, 'link'));
});

test.each(['../elsewhere/secret.txt', '../nothing/there', 'a/../../elsewhere', '..'])('%s is not in the folder', async (at) => {
  const { folder } = await makeFolder();
  await expect(findItemPlace(folder, at)).rejects.toMatchObject({ code: 'E_USAGE' });
});

test('what is not there is said so', async () => {
  const { folder } = await makeFolder();
  await expect(findItemPlace(folder, 'a/gone/c.txt')).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  await expect(findItemPlace(path.join(folder, 'gone'), '')).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
});
