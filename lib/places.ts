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

/**
 * Regions in which an account's models may take requests, sorted: those that belong to it, all of its own where it
 * shares traffic, and those in which a baseline names it.
 */
export function servedRegions(config: SpillwayConfig, account: string): readonly string[] {
  const listed = config.accounts.find((entry) => entry.id === account);
  const own = (listed?.regions ?? []).filter(
    (region) => listed?.traffic === true || ownerOf(config, region) === account,
  );
  const named = baselineEntries(config)
    .filter((entry) => entry.account === account)
    .map((entry) => entry.region);
  return [...new Set([...own, ...named])].sort();
}

/** Every id that a request may put on the wire to Bedrock by configuration: candidates, and ids that a baseline names. */
export function configuredIds(config: SpillwayConfig): readonly string[] {
  const candidates = Object.values(config.models).flatMap((model) => model.candidates.map(({ id }) => id));
  const named = baselineEntries(config).flatMap(({ id }) => (id === undefined ? [] : [id]));
  return [...new Set([...candidates, ...named])].sort();
}

interface BaselineEntry {
  readonly region: string;
  readonly account?: string | undefined;
  readonly id?: string | undefined;
}

function baselineEntries(config: SpillwayConfig): readonly BaselineEntry[] {
  return Object.values(config.models).flatMap((model) => Object.values(model.baseline).flat());
}
