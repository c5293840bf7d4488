import { Failure } from '../base/failure.ts';

const nameMaxLength = 200;
const segments = /^[a-z0-9-]{1,64}(?:\/[a-z0-9-]{1,64})*$/;
const start = /^[a-z0-9/-]*$/;

/** The hint has verbs of its own and is never an object: adapters keep it under this name. */
export const hintName = 'hint';

/** Whether a text may name an object (the rules stand at the Store port). */
export function isObjectName(text: string): boolean {
  return text.length <= nameMaxLength && text !== hintName && segments.test(text);
}

/** Every adapter asks this before a name reaches a path or a URL. Throws E_FAILED: names are made by us, never by a user. */
export function checkObjectName(name: string): string {
  if (!isObjectName(name)) throw new Failure('E_FAILED', `${JSON.stringify(name.slice(0, nameMaxLength))} cannot name an object`);
  return name;
}

/** Whether a text may stand in `list` as a prefix or as the name to go on from; it need not be a whole name. */
export function isNamePrefix(text: string): boolean {
  return text.length <= nameMaxLength && start.test(text) && !text.startsWith('/');
}
