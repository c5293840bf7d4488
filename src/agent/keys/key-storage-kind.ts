/** What opens a device's own keys later. */
export const keyStorageKinds = ['keychain', 'passphrase', 'file'] as const;
export type KeyStorageKind = (typeof keyStorageKinds)[number];
