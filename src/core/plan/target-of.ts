/** A route's target from an observation: what AWS says of it, and what the facts add (prices, limits, capabilities). */
import type { Observation } from '../discovery/observation.ts';
import type { CompiledFacts } from '../facts/compile-facts.ts';
import { admissibleTokens } from '../kv/kv-tokens.ts';
import { resolvePool } from '../kv/resolve-engine.ts';
import { type Capabilities, quotaPoolOf, type Target } from '../target.ts';
import type { PlannedDedicated } from './planned-model.ts';
import { gatewayShares, type LimitSharing, shareOut } from './share-limit.ts';

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
  readonly sharing: LimitSharing;
  readonly facts: CompiledFacts;
}): Target {
  const { observation, dedicated, position, sharing, facts } = options;
  const { id, account, region, modelId, reach, state, lifecycle, component } = observation;
  const inService = observation.copies ?? 0;
  const copies = inService > 0 ? inService : dedicated.copies;
  const slots = copies * dedicated.concurrencyPerCopy;
  const { shares: configured } = dedicated;
  const share = shareOut(slots, gatewayShares({ target: observation, configured, sharing, facts }));
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
    share,
    ...memoryOf(dedicated, { copies, slots, share, facts }),
  };
}

/**
 * Of the cache of all copies what may be reserved, as much of it for each gateway as it has of the slots. A checked
 * configuration resolves; else only requests are limited.
 */
function memoryOf(
  dedicated: PlannedDedicated,
  { copies, slots, share, facts }: SharedSlots & { readonly copies: number; readonly facts: CompiledFacts },
): Pick<Target, 'copies' | 'kvTokens' | 'kvTokensPerRequest'> {
  const resolved = resolvePool(dedicated, facts);
  if (resolved.kind !== 'pool' || copies === 0) return {};
  const { tokens, fixedTokens } = resolved.pool;
  const admissible = copies * admissibleTokens(tokens);
  const kvTokens = Object.entries(share).map(([region, own]) => [
    region,
    Math.floor((admissible * own) / slots),
  ]);
  return {
    copies,
    kvTokens: Object.fromEntries(kvTokens),
    ...(fixedTokens === 0 ? {} : { kvTokensPerRequest: fixedTokens }),
  };
}

interface SharedSlots {
  /** Of the whole target. */
  readonly slots: number;
  /** By gateway region. */
  readonly share: Readonly<Record<string, number>>;
}

/** A checked configuration names a template with every container of TGI's own format. */
function containerOf({ api, chatTemplate }: PlannedDedicated): Pick<Target, 'container'> {
  return api === 'tgi' && chatTemplate !== undefined ? { container: { api, chatTemplate } } : {};
}
