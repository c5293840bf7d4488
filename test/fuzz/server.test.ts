import { afterAll, expect, test } from 'vitest';
import { Dice } from './dice.ts';
import { ServerFuzz, type ServerFinding } from './server-fuzz.ts';

const requests = 1_000;
const fuzz = await ServerFuzz.start(new Dice(20_262));

afterAll(() => fuzz.close());

/** Told with its request, as `npm run fuzz` does. */
function told(finding: ServerFinding | undefined): unknown {
  return finding && { what: finding.what, request: Buffer.from(finding.request).toString('latin1') };
}

test('the store server: odd requests get a documented status, and touch nothing that is not theirs', async () => {
  expect(told(await fuzz.checkTemplates())).toBeUndefined();
  for (let count = 0; count < requests; count += 1) expect(told(await fuzz.step())).toBeUndefined();
  expect(await fuzz.check()).toBeUndefined();
  const seen = [...fuzz.statuses.keys()];
  expect(seen, 'guard: what was asked was understood, and refused, in many ways').toEqual(
    expect.arrayContaining([200, 201, 204, 206, 400, 401, 403, 404, 409]),
  );
});
