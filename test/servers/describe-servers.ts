import { afterAll, beforeAll, describe } from 'vitest';
import { chosenServers, isInstalled } from './chosen-servers.ts';
import type { ServerKind, ServerUnderTest } from './server-kind.ts';

/** Tests for each chosen server, which runs while they do. `server` may be called in tests and hooks only. */
export function describeServers(tests: (kind: ServerKind, server: () => ServerUnderTest) => void): void {
  for (const kind of chosenServers()) {
    describe.skipIf(!isInstalled(kind))(kind.name, () => {
      let server: ServerUnderTest | undefined;
      beforeAll(async () => {
        server = await kind.start();
      });
      afterAll(() => server?.stop());
      tests(kind, () => {
        if (server === undefined) throw new Error(`${kind.name} is not running`);
        return server;
      });
    });
  }
}
