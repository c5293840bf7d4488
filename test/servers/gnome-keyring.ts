import type { Installable } from './server-kind.ts';

/** The keychain of GNOME's desktop, and what asks it. */
export const gnomeKeyring: Installable = {
  name: 'keychain',
  packages: ['gnome-keyring', 'libsecret-tools', 'dbus'],
  needs: ['/usr/bin/gnome-keyring-daemon', '/usr/bin/secret-tool', '/usr/bin/dbus-daemon', '/usr/bin/dbus-send'],
};
