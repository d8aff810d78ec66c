import type { SpillwayConfig } from '#contract/config.ts';

/** Whose gateway region it is: the home account's where no account has it. */
export function gatewayAccount(
  { accounts, home }: Pick<SpillwayConfig, 'accounts' | 'home'>,
  region: string,
): string {
  return accounts.find(({ regions }) => regions.includes(region))?.id ?? home.account;
}
