/** A route's target from an observation: what AWS says of it, and what the facts add (prices, limits, capabilities). */
import type { Observation } from '../discovery/observation.ts';
import type { CompiledFacts } from '../facts/compile-facts.ts';
import { admissibleTokens } from '../kv/kv-tokens.ts';
import { resolvePool } from '../kv/resolve-engine.ts';
import { type Capabilities, quotaPoolOf, type Target } from '../target.ts';
import type { PlannedDedicated } from './planned-model.ts';

export function serverlessTarget(observation: Observation, position: number, facts: CompiledFacts): Target {
  const { account, region, scope, modelId, profileId, endOfLifeTime, quotaTokensPerMinute } = observation;
  const known = facts.capabilitiesOf(modelId);
  return {
    id: observation.id,
    account,
    region,
    kind: 'bedrock',
    scope,
    modelId,
    ...(profileId === undefined ? {} : { profileId }),
    position,
    reach: observation.reach,
    state: observation.state,
    lifecycle: observation.lifecycle,
    ...(endOfLifeTime === undefined ? {} : { endOfLifeTime }),
    contextTokensMax: known.contextTokensMax,
    outputTokensMax: known.outputTokensMax,
    capabilities: capabilitiesOf(observation, known.capabilities),
    pricing: facts.priceOf(modelId, { scope, region, profileId }) ?? null,
    quotaPool: quotaPoolOf({ account, region, modelId, scope, profileId }),
    ...(quotaTokensPerMinute === undefined ? {} : { quotaTokensPerMinute }),
  };
}

/** What AWS lists goes before what the facts know. */
function capabilitiesOf(observation: Observation, known: Capabilities): Capabilities {
  const { inputModalities, outputModalities, streaming } = observation;
  return {
    ...known,
    ...(inputModalities === undefined ? {} : { input: inputModalities }),
    ...(outputModalities === undefined ? {} : { output: outputModalities }),
    ...(streaming === undefined ? {} : { streaming }),
  };
}

export function dedicatedTarget(options: {
  readonly observation: Observation;
  readonly dedicated: PlannedDedicated;
  readonly position: number;
  /** Gateway regions, in order of configuration. */
  readonly gateways: readonly string[];
  readonly facts: CompiledFacts;
}): Target {
  const { observation, dedicated, position, gateways, facts } = options;
  const { id, account, region, modelId, reach, state, lifecycle, component } = observation;
  const inService = observation.copies ?? 0;
  const copies = inService > 0 ? inService : dedicated.copies;
  return {
    id,
    account,
    region,
    kind: 'sagemaker',
    scope: 'dedicated',
    modelId,
    endpoint: dedicated.endpoint,
    ...(component === undefined ? {} : { component }),
    position,
    reach,
    state,
    lifecycle,
    contextTokensMax: dedicated.contextTokensMax ?? null,
    outputTokensMax: dedicated.outputTokensMax ?? null,
    capabilities: dedicated.capabilities,
    pricing: null,
    quotaPool: quotaPoolOf({ account, region, modelId, scope: 'dedicated' }),
    ...containerOf(dedicated),
    share: shareOut(copies * dedicated.concurrencyPerCopy, gateways),
    ...memoryOf(dedicated, { copies, gateways, facts }),
  };
}

/** Of the cache of all copies what may be reserved. A checked configuration resolves; else only requests are limited. */
function memoryOf(
  dedicated: PlannedDedicated,
  place: { readonly copies: number; readonly gateways: readonly string[]; readonly facts: CompiledFacts },
): Pick<Target, 'copies' | 'kvTokens' | 'kvTokensPerRequest'> {
  const resolved = resolvePool(dedicated, place.facts);
  if (resolved.kind !== 'pool' || place.copies === 0) return {};
  const { tokens, fixedTokens } = resolved.pool;
  return {
    copies: place.copies,
    kvTokens: shareOut(place.copies * admissibleTokens(tokens), place.gateways),
    ...(fixedTokens === 0 ? {} : { kvTokensPerRequest: fixedTokens }),
  };
}

/** A checked configuration names a template with every container of TGI's own format. */
function containerOf({ api, chatTemplate }: PlannedDedicated): Pick<Target, 'container'> {
  return api === 'tgi' && chatTemplate !== undefined ? { container: { api, chatTemplate } } : {};
}

/**
 * Splits a limit of requests in flight over gateway regions as evenly as whole numbers allow; the first regions get
 * what is left over. The shares always sum to the limit, so gateways together never exceed it.
 */
export function shareOut(limit: number, gateways: readonly string[]): Readonly<Record<string, number>> {
  const unique = [...new Set(gateways)];
  const base = Math.floor(limit / Math.max(1, unique.length));
  const rest = limit - base * unique.length;
  return Object.fromEntries(unique.map((region, index) => [region, base + (index < rest ? 1 : 0)]));
}
