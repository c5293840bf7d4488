/** Limits of key lists beside those of all readers (FORMAT.md, section 1). */
export const keyListLimits = {
  generationMax: 999_999,
  /** Devices ever listed, revoked ones included; 64 of them active. */
  devicesListedMax: 1024,
  /** Slots ever listed, retired ones included; 16 of them active. A list that removes a device replaces slots, so there are more. */
  slotsListedMax: 1024,
  /** A sealed 32-byte secret takes 118 bytes. */
  sealedSecretMaxBytes: 256,
  /** A device's name, UTF-8. */
  nameMaxBytes: 255,
  /** Objects below `keys/`, whoever put them there. */
  objectsMax: 20_000,
} as const;
