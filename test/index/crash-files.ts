/** Files that the crashing writer of crash-writer.ts works on. */
export const crashFiles = 40;
