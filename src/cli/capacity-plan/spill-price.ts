import type { ServerlessPrice } from '#core/capacity-plan/evaluate-copies.ts';
import { spillTargetOf } from '#core/capacity-plan/spill-target.ts';
import { resolveResidency } from '#core/residency/resolve-residency.ts';
import type { PlanPlace } from './plan-place.ts';
import type { PlanOptions } from './read-options.ts';

export interface Spill {
  /** Undefined where nothing serverless is lawful. */
  readonly target: string | undefined;
  readonly price: ServerlessPrice | undefined;
  /** What has to be said, because nobody knows the price of the target. */
  readonly missing: readonly string[];
}

/** Where calls spill to and at what price. */
export function spillOf({ config, facts, model, residency, region }: PlanPlace, options: PlanOptions): Spill {
  const target = spillTargetOf({
    accounts: config.accounts,
    gateways: config.gateways,
    candidates: config.models[model]?.candidates ?? [],
    policy: resolveResidency(residency, config.residencies[residency] ?? {}, facts),
    ...{ facts, region },
  });
  if (target === undefined) return { target: undefined, price: undefined, missing: [] };
  const price = priceOf(target, options);
  const missing = `The price of ${target.id} is not known; say --input-usd-per-million and --output-usd-per-million`;
  return { target: target.id, price, missing: price === undefined ? [missing] : [] };
}

function priceOf(
  target: NonNullable<ReturnType<typeof spillTargetOf>>,
  { inputUsdPerMillion, outputUsdPerMillion }: PlanOptions,
): ServerlessPrice | undefined {
  const { pricing } = target;
  const input =
    inputUsdPerMillion === undefined
      ? pricing?.inputMicroUsdPerMillionTokens
      : Math.round(inputUsdPerMillion * 1_000_000);
  const output =
    outputUsdPerMillion === undefined
      ? pricing?.outputMicroUsdPerMillionTokens
      : Math.round(outputUsdPerMillion * 1_000_000);
  if (input == null || output == null) return undefined;
  return { inputMicroUsdPerMillionTokens: input, outputMicroUsdPerMillionTokens: output };
}
