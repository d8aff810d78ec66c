import type { AccountProbeOptions } from '#adapters/aws/account-probe.ts';

/** Credentials and endpoint, for clients of any region. */
export type AwsConnection = Omit<AccountProbeOptions, 'region'>;
