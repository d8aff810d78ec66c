/** A route's target from an observation: what AWS says of it, and what the facts add (prices, limits, capabilities). */
import type { Observation } from '../discovery/observation.ts';
import type { CompiledFacts } from '../facts/compile-facts.ts';
import { type Capabilities, quotaPoolOf, type Target } from '../target.ts';
import type { PlannedDedicated } from './planned-model.ts';

export function serverlessTarget(observation: Observation, position: number, facts: CompiledFacts): Target {
  const { account, region, scope, modelId, profileId, endOfLifeTime } = observation;
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
}): Target {
  const { observation, dedicated, position, gateways } = options;
  const { id, account, region, modelId, reach, state, lifecycle, component } = observation;
  const copies = observation.copies ?? 0;
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
    share: shareOut((copies > 0 ? copies : dedicated.copies) * dedicated.concurrencyPerCopy, gateways),
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
