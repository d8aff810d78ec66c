/** The facts that ship with the product, compiled once, when they are first asked for. */
import { type CompiledFacts, compileFacts } from '#core/facts/compile-facts.ts';
import capabilities from '#data/capabilities.json' with { type: 'json' };
import catalogue from '#data/catalogue.json' with { type: 'json' };
import engines from '#data/engines.json' with { type: 'json' };
import prices from '#data/prices.json' with { type: 'json' };
import profiles from '#data/profiles.json' with { type: 'json' };
import quotas from '#data/quotas.json' with { type: 'json' };
import regions from '#data/regions.json' with { type: 'json' };

let compiled: CompiledFacts | undefined;

export function shippedFacts(): CompiledFacts {
  compiled ??= compileFacts({ regions, catalogue, capabilities, profiles, prices, engines, quotas });
  return compiled;
}
