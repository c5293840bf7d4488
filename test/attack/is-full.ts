/** Whether the whole matrix is wanted (`npm run attack`), not only what each `npm test` has time for. */
export const isFull = process.env['CACHETTE_ATTACK'] === 'full';
