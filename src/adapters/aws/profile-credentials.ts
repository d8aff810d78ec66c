import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import type { AwsCredentials } from './sigv4-signer.ts';

/**
 * The credentials of a named AWS profile, however it gets them (keys, SSO, a role, a process). Read when first used.
 * Rejects with the SDK's `CredentialsProviderError` when there is no such profile or its session has ended.
 */
export function profileCredentials(profile: string): () => Promise<AwsCredentials> {
  return fromNodeProviderChain({ profile });
}
