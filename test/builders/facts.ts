import { type CompiledFacts, compileFacts } from '#core/facts/compile-facts.ts';
import capabilities from '#data/capabilities.json' with { type: 'json' };
import catalogue from '#data/catalogue.json' with { type: 'json' };
import engines from '#data/engines.json' with { type: 'json' };
import prices from '#data/prices.json' with { type: 'json' };
import profiles from '#data/profiles.json' with { type: 'json' };
import quotas from '#data/quotas.json' with { type: 'json' };
import regions from '#data/regions.json' with { type: 'json' };

/** The facts that ship with the product. */
export const shippedFacts: CompiledFacts = compileFacts({
  regions,
  catalogue,
  capabilities,
  profiles,
  prices,
  engines,
  quotas,
});

/** Facts that know nothing: lawful input everywhere. */
export const emptyFacts: CompiledFacts = compileFacts({});

/** Facts that know regions and jurisdictions only. */
export const regionFacts: CompiledFacts = compileFacts({ regions });
