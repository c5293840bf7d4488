import { afterAll } from 'vitest';
import { VaultFixture, type FixtureOptions } from './vault-fixture.ts';

/** A vault for all tests of the file; gone after the last of them. */
export async function openVault(options?: FixtureOptions): Promise<VaultFixture> {
  const fixture = await VaultFixture.make(options);
  afterAll(() => {
    fixture.remove();
  });
  return fixture;
}

/** The vault that is attacked, and another one whose honest objects are put into its store. */
export async function openTwoVaults(): Promise<{ readonly fixture: VaultFixture; readonly other: VaultFixture }> {
  const [fixture, other] = await Promise.all([openVault(), openVault()]);
  return { fixture, other };
}
