import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { lookupRoleCredentials } from '#adapters/aws/lookup-role-credentials.ts';
import { type LocalClients, openLocalClients } from '#test/builders/local-clients.ts';

const role = 'arn:aws:iam::222222222222:role/cdk-x-lookup-role-222222222222-eu-west-1';
const HOUR_MS = 3_600_000;

let local: LocalClients;
beforeAll(async () => {
  local = await openLocalClients();
});
beforeEach(() => {
  vi.stubEnv('AWS_ENDPOINT_URL', local.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'LKIA111111111111');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local-LKIA111111111111');
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => local.close());

describe('lookupRoleCredentials', () => {
  it('are a session of the role by the process’s own credentials, shared until it is about to end', async () => {
    let nowMs = Date.now();
    const credentials = lookupRoleCredentials(role, { region: 'us-east-1', now: () => nowMs });
    const first = await credentials();
    expect(first.sessionToken).toBeDefined();
    expect(await credentials()).toBe(first);
    nowMs += HOUR_MS;
    expect(await credentials()).not.toBe(first);
  });

  it('reject where the role cannot be assumed', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
    await expect(lookupRoleCredentials(role, { region: 'us-east-1', now: Date.now })()).rejects.toThrow();
  });
});
