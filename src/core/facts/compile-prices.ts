import { geoPrefixOf } from '../residency/reach.ts';
import type { Pricing, Scope } from '../target.ts';

/** The parsed data/prices.json. Amounts in micro-USD per million tokens. */
export interface PricesInput {
  readonly prices: readonly PriceRow[];
  readonly aliases: readonly { readonly modelId: string; readonly samePriceAs: string }[];
}

interface PriceRow {
  readonly modelId: string;
  readonly scope: string;
  readonly geo?: string | undefined;
  readonly profileId?: string | undefined;
  readonly regions?: readonly string[] | undefined;
  readonly in: number;
  readonly out: number | null;
  readonly cacheRead?: number | undefined;
  readonly cacheWrite?: number | undefined;
}

/** What decides the price of a call besides its model. `region` is the source region. */
export interface PricedCall {
  readonly scope: Scope;
  readonly region: string;
  readonly profileId?: string | undefined;
}

/**
 * The price look-up: the narrowest row wins (region, then profile, then prefix, then scope, then the price page's one
 * price). A dedicated target has no token price: its GPUs are paid by the hour.
 */
export function compilePrices(
  input: PricesInput,
): (modelId: string, call: PricedCall) => Pricing | undefined {
  const rowsByModel = new Map<string, PriceRow[]>();
  for (const row of input.prices)
    rowsByModel.set(row.modelId, [...(rowsByModel.get(row.modelId) ?? []), row]);
  const aliases = new Map(input.aliases.map((row) => [row.modelId, row.samePriceAs]));
  return (modelId, call) => {
    const rows = rowsByModel.get(modelId) ?? rowsByModel.get(aliases.get(modelId) ?? '') ?? [];
    const matching = rows.filter((row) => matches(row, call));
    const [first, ...rest] = matching;
    if (first === undefined) return undefined;
    return pricing(rest.reduce((best, row) => (narrowness(row) > narrowness(best) ? row : best), first));
  };
}

function matches(row: PriceRow, call: PricedCall): boolean {
  if (call.scope === 'dedicated') return false;
  if (row.scope !== 'list' && row.scope !== call.scope) return false;
  if (row.regions !== undefined && !row.regions.includes(call.region)) return false;
  if (row.profileId !== undefined && row.profileId !== call.profileId) return false;
  return row.geo === undefined || row.geo === geoPrefixOf(call.profileId ?? '');
}

/** Powers of two: a narrower kind outweighs all wider ones together. */
function narrowness(row: PriceRow): number {
  return (
    (row.regions === undefined ? 0 : 8) +
    (row.profileId === undefined ? 0 : 4) +
    (row.geo === undefined ? 0 : 2) +
    (row.scope === 'list' ? 0 : 1)
  );
}

function pricing(row: PriceRow): Pricing {
  return {
    inputMicroUsdPerMillionTokens: row.in,
    outputMicroUsdPerMillionTokens: row.out,
    ...(row.cacheRead === undefined ? {} : { cacheReadMicroUsdPerMillionTokens: row.cacheRead }),
    ...(row.cacheWrite === undefined ? {} : { cacheWriteMicroUsdPerMillionTokens: row.cacheWrite }),
  };
}
