/** How a program that was installed in some way comes to its updates. */

export type UpdateWay =
  /** It fetches them and puts them in its own place, when a person says so. `ending`: of the file that it needs. */
  | { readonly is: 'by-itself'; readonly ending: 'AppImage' | 'exe' | 'zip' }
  /** It says that there is one; only an administrator can install it. */
  | { readonly is: 'by-hand' }
  /** Run from its sources, or unpacked: nobody can tell. */
  | { readonly is: 'none' };

export interface Installed {
  readonly platform: NodeJS.Platform;
  readonly isPackaged: boolean;
  /** The file that an AppImage was started from. */
  readonly appImage: string | undefined;
  /** What the packager left about itself: `deb`. */
  readonly packageType: string | undefined;
}

export function updateWay({ platform, isPackaged, appImage, packageType }: Installed): UpdateWay {
  if (platform === 'linux' && appImage !== undefined && appImage !== '') return { is: 'by-itself', ending: 'AppImage' };
  if (!isPackaged) return { is: 'none' };
  if (platform === 'win32') return { is: 'by-itself', ending: 'exe' };
  if (platform === 'darwin') return { is: 'by-itself', ending: 'zip' };
  return packageType === undefined ? { is: 'none' } : { is: 'by-hand' };
}

/** Name of the metadata for a system, as electron-builder gives it. */
export function metadataName(platform: NodeJS.Platform, arch: string): string {
  if (platform === 'win32') return 'latest.yml';
  if (platform === 'darwin') return 'latest-mac.yml';
  return arch === 'x64' ? 'latest-linux.yml' : `latest-linux-${arch}.yml`;
}
