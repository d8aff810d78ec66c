import type { AwsCredentials } from './sigv4-signer.ts';

/** The keys that the local AWS takes for an account, derived from its id. They open nothing anywhere else. */
export function localCredentials(account: string): AwsCredentials {
  const accessKeyId = `LKIA${account}`;
  return { accessKeyId, secretAccessKey: `local-${accessKeyId}` };
}
