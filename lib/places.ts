import type { SpillwayConfig } from '#contract/config.ts';

/** One account in one region. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** The account to which a region belongs: the first that lists it. Undefined when none does. */
export function ownerOf(config: SpillwayConfig, region: string): string | undefined {
  return config.accounts.find((account) => account.regions.includes(region))?.id;
}

/** True where somebody may order operations of a gateway, whose role needs permissions for that then. */
export function hasOperators({ operators }: SpillwayConfig): boolean {
  return operators.principals.length + operators.tokens.length > 0;
}

/** Where discovery runs: every region of every account. */
export function discoveredPlaces(config: SpillwayConfig): readonly Place[] {
  return config.accounts.flatMap(({ id, regions }) => regions.map((region) => ({ account: id, region })));
}

/** Where gateways run, each in the account to which its region belongs. `checkConfig` refuses one without an owner. */
export function gatewayPlaces(config: SpillwayConfig): readonly Place[] {
  return config.gateways.flatMap((region) => {
    const account = ownerOf(config, region);
    return account === undefined ? [] : [{ account, region }];
  });
}
