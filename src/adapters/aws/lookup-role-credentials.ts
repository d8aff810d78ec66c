import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import type { AwsCredentials } from './sigv4-signer.ts';

/** A session is asked for again when the one at hand ends within this time. */
const RENEW_MS = 300_000;

/**
 * The credentials of a role that the process's own credentials may assume, such as the CDK's look-up role of an account.
 * Asked for when first used, and shared until they are about to end. Rejects with the SDK's own error.
 */
export function lookupRoleCredentials(
  roleArn: string,
  { region, now }: { readonly region: string; readonly now: () => number },
): () => Promise<AwsCredentials> {
  const assume = fromTemporaryCredentials({
    params: { RoleArn: roleArn, RoleSessionName: 'spillway-waves' },
    clientConfig: { region },
  });
  let held: AwsCredentials | undefined;
  return async () => {
    if (held?.expiration === undefined || held.expiration.getTime() - now() < RENEW_MS) held = await assume();
    return held;
  };
}
