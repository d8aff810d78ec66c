import type { AccountProbeOptions } from '#adapters/aws/account-probe.ts';

/** Credentials and endpoint, for clients of any region. */
export type AwsConnection = Omit<AccountProbeOptions, 'region'>;

/**
 * Longest wait for one call of a command: a person's machine is a continent away, and its first call also makes the
 * connection. A gateway beside its tables waits far less.
 */
export const COMMAND_CALL_MS_MAX = 15_000;
