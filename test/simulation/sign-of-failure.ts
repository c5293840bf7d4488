import { Failure } from '../../src/base/failure.ts';

const signMax = 60;

/** What two failures of one cause have in common: neither names nor numbers. */
export function signOfFailure(failure: Error): string {
  const code = failure instanceof Failure ? `${failure.code} ` : '';
  const [line = ''] = failure.message.split(/[:\n]/);
  return (code + line.replaceAll(/\b(ann|bob|eve|joe|kim)\b/g, '*').replaceAll(/\d+/g, '#')).slice(0, signMax);
}
