import type { Overview } from '../../src/control/acts/overview-acts.ts';

/** The overview of a folder that is linked and open. */
export type Linked = Extract<Overview, { readonly is: 'linked' }>;
