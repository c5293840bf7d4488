/** The folder that a profile keeps in sync, as its settings say: what the app knows of a vault before its agent answers, or without that. */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { settingsName } from '../../../control/control-place.ts';

const settingsMaxBytes = 64 * 1024;
/** The rest is the agent's business. */
const settingsSchema = z.object({ folder: z.string().refine((text) => path.isAbsolute(text)) });

/** undefined: there is no profile, or none that can be read. */
export function knownFolder(profileDir: string): string | undefined {
  try {
    const file = path.join(profileDir, settingsName);
    if (fs.lstatSync(file).size > settingsMaxBytes) return undefined;
    return settingsSchema.parse(JSON.parse(fs.readFileSync(file, 'utf8'))).folder;
  } catch {
    return undefined;
  }
}
