/** A data-path client with fixed credentials for every account, pointed at one origin. */
import type { AccountCredentials } from '#adapters/aws/account-credentials.ts';
import { createUpstreamClient, type UpstreamClient } from '#adapters/aws/upstream-client.ts';

export const fixedCredentials: AccountCredentials = {
  load: async (account) => ({ accessKeyId: `LKIA${account}`, secretAccessKey: `local-LKIA${account}` }),
  forget: () => undefined,
};

export function loopbackClient(endpoint: string, credentials = fixedCredentials): UpstreamClient {
  return createUpstreamClient({ credentials, endpoint });
}
