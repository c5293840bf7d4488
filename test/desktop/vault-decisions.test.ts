/** Which vaults the app has, where they are, what they are called, and which one is meant. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { vaultOfPage } from '../../src/desktop/main/app-files.ts';
import { knownFolder } from '../../src/desktop/main/vaults/known-folder.ts';
import { nextNumber, numbersAtStart, profileDirOf } from '../../src/desktop/main/vaults/profile-dirs.ts';
import { usualFolder } from '../../src/desktop/main/vaults/usual-folder.ts';
import { leavingVaults, meantVault, waitingVault, type VaultFacts } from '../../src/desktop/main/vaults/vault-fates.ts';
import { vaultNames } from '../../src/desktop/main/vaults/vault-names.ts';

describe('profiles of vaults', () => {
  test('stand beside the usual one', () => {
    expect([1, 2, 9].map((number) => profileDirOf('/home/a/.local/share/cachette', number))).toEqual([
      '/home/a/.local/share/cachette',
      '/home/a/.local/share/cachette-2',
      '/home/a/.local/share/cachette-9',
    ]);
  });

  test('are found by what exists, with gaps; where there is none, the usual one will be the first', () => {
    expect(numbersAtStart((number) => number === 2 || number === 7)).toEqual([2, 7]);
    expect(numbersAtStart(() => false)).toEqual([1]);
  });

  test('another one takes the first free number, never one in use, on its way out, or of somebody else', () => {
    expect(nextNumber(new Set([1, 3]), () => true)).toBe(2);
    expect(nextNumber(new Set([1]), (number) => number !== 2)).toBe(3);
    expect(nextNumber(new Set([1, 2, 3, 4, 5, 6, 7, 8, 9]), () => true)).toBeUndefined();
  });
});

describe('names of vaults', () => {
  const names = (...folders: readonly (string | undefined)[]): readonly string[] => [
    ...vaultNames(
      folders.map((folder, at) => ({ number: at + 1, folder })),
      (number) => `Vault ${number}`,
    ).values(),
  ];

  test('are those of their folders, with as much of the way as tells them apart', () => {
    expect(names('/home/a/Cachette', '/home/a/Work')).toEqual(['Cachette', 'Work']);
    expect(names('/home/a/Cachette', '/media/disk/Cachette')).toEqual(['a/Cachette', 'disk/Cachette']);
    expect(names('/Cachette', '/media/Cachette')).toEqual(['Cachette', 'media/Cachette']);
    expect(names(String.raw`C:\Users\a\Cachette`, 'D:\\')).toEqual(['Cachette', 'D:']);
  });

  test('of unknown and of hopeless folders are there all the same', () => {
    expect(names('/home/a/Cachette', undefined)).toEqual(['Cachette', 'Vault 2']);
    expect(names('/')).toEqual(['/']);
    expect(names('/a', '/a')).toEqual(['a', 'a']);
  });
});

describe('the folder of a vault whose agent says nothing', () => {
  const folderOf = (settings: string | undefined): string | undefined => {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-known-'));
    onTestFinished(() => fs.rmSync(dir, { recursive: true }));
    if (settings !== undefined) fs.writeFileSync(path.join(dir, 'settings.json'), settings);
    return knownFolder(dir);
  };

  test('is what its settings say, whatever else they say', () => {
    expect(folderOf('{"format":7,"folder":"/home/a/Work","more":1}')).toBe('/home/a/Work');
  });

  test.for([undefined, '', 'null', '{', '{"folder":7}', '{"folder":"here"}', '{"folder":""}', `{"folder":"/${'x'.repeat(70_000)}"}`])(
    'is not known from %s',
    (settings) => {
      expect(folderOf(settings)).toBeUndefined();
    },
  );
});

describe('what becomes of vaults', () => {
  const facts = (number: number, more: Partial<VaultFacts> = {}): VaultFacts => ({
    number,
    wasLinked: true,
    isUnlinked: false,
    wantsAttention: false,
    ...more,
  });
  const gone = { isUnlinked: true };
  const fresh = { wasLinked: false, isUnlinked: true };

  test('one that somebody parted from leaves, unless no other is left', () => {
    expect(leavingVaults([facts(1, gone), facts(2)])).toEqual([1]);
    expect(leavingVaults([facts(1, gone)])).toEqual([]);
    expect(leavingVaults([facts(1, gone), facts(2, fresh)])).toEqual([]);
    expect(leavingVaults([facts(1), facts(2, fresh)])).toEqual([]);
  });

  test('one more is only made where none waits for its set-up', () => {
    expect(waitingVault([facts(1), facts(2)])).toBeUndefined();
    expect(waitingVault([facts(1), facts(2, fresh)])).toBe(2);
    expect(waitingVault([facts(1), facts(2, { wasLinked: false })])).toBe(2);
    expect(waitingVault([facts(1, gone)])).toBe(1);
  });

  test('a window that nobody named a vault for is about the one in trouble, or the one looked at last', () => {
    const vaults = [facts(1), facts(2), facts(3, { wantsAttention: true }), facts(4, { ...fresh, wantsAttention: true })];
    expect(meantVault(vaults, 'status', 2)).toBe(3);
    expect(meantVault(vaults, 'conflicts', 2)).toBe(3);
    expect(meantVault(vaults, 'settings', 2)).toBe(2);
    expect(meantVault(vaults, 'settings', 4)).toBe(1);
    expect(meantVault(vaults, 'settings', undefined)).toBe(1);
    expect(meantVault([facts(1, fresh)], 'status', undefined)).toBe(1);
  });
});

test('another vault gets another folder proposed', () => {
  expect(usualFolder('/home/a', [])).toBe('/home/a/Cachette');
  expect(usualFolder('/home/a', ['/home/a/Cachette/', '/home/a/Cachette 2'])).toBe('/home/a/Cachette 3');
});

test('a page is about the vault in its address, or about none', () => {
  expect(vaultOfPage('app://ui/index.html?window=status&vault=2')).toBe(2);
  for (const address of [
    'app://ui/index.html?window=status',
    'app://ui/index.html?vault=02',
    'app://ui/index.html?vault=1e9',
    '?vault=1',
    '',
  ])
    expect(vaultOfPage(address)).toBeUndefined();
});
