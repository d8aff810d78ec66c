/** The facts that ship with the product, compiled once, when they are first asked for. */

import { type CompiledFacts, compileFacts } from '#core/facts/compile-facts.ts';
import capabilities from '#data/capabilities.json' with { type: 'json' };
import catalogue from '#data/catalogue.json' with { type: 'json' };
import engines from '#data/engines.json' with { type: 'json' };
import prices from '#data/prices.json' with { type: 'json' };
import profiles from '#data/profiles.json' with { type: 'json' };
import quotas from '#data/quotas.json' with { type: 'json' };
import regions from '#data/regions.json' with { type: 'json' };
import type { Digest } from '#usecases/ports/digest.ts';

const input = { regions, catalogue, capabilities, profiles, prices, engines, quotas };

let compiled: CompiledFacts | undefined;

export function shippedFacts(): CompiledFacts {
  compiled ??= compileFacts(input);
  return compiled;
}

/** SHA-256, hex, of their files one after the other: of the same release it is the same everywhere. */
export function shippedFactsDigest({ sha256Hex }: Digest): string {
  return sha256Hex(JSON.stringify(input));
}
