import type { ServerlessPrice } from '#core/capacity-plan/evaluate-copies.ts';
import { spillTargetOf } from '#core/capacity-plan/spill-target.ts';
import { resolveResidency } from '#core/residency/resolve-residency.ts';
import { UsageError } from '../usage-error.ts';
import type { PlanPlace } from './plan-place.ts';
import type { PlanOptions } from './read-options.ts';

/** Where calls spill to and at what price; neither where nothing is lawful. Throws a UsageError without a price. */
export function spillOf({ config, facts, model, residency, region }: PlanPlace, options: PlanOptions) {
  const target = spillTargetOf({
    accounts: config.accounts,
    gateways: config.gateways,
    candidates: config.models[model]?.candidates ?? [],
    policy: resolveResidency(residency, config.residencies[residency] ?? {}, facts),
    ...{ facts, region },
  });
  if (target === undefined) return { target: undefined, price: undefined };
  return { target: target.id, price: priceOf(target, options) };
}

function priceOf(
  target: NonNullable<ReturnType<typeof spillTargetOf>>,
  { inputUsdPerMillion, outputUsdPerMillion }: PlanOptions,
): ServerlessPrice {
  const { pricing } = target;
  const input =
    inputUsdPerMillion === undefined
      ? pricing?.inputMicroUsdPerMillionTokens
      : Math.round(inputUsdPerMillion * 1_000_000);
  const output =
    outputUsdPerMillion === undefined
      ? pricing?.outputMicroUsdPerMillionTokens
      : Math.round(outputUsdPerMillion * 1_000_000);
  if (input == null || output == null)
    throw new UsageError(
      `The price of ${target.id} is not known; say --input-usd-per-million and --output-usd-per-million`,
    );
  return { inputMicroUsdPerMillionTokens: input, outputMicroUsdPerMillionTokens: output };
}
