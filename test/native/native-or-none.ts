import { native, type Native } from '../../src/base/native.ts';

/** Native code where there is some, and plain JavaScript: what there is both of is tested with both. */
export const nativeOrNone: readonly (Native | 'none')[] = native === undefined ? ['none'] : [native, 'none'];
