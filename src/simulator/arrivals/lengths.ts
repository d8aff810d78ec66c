import { invariant } from '#core/units/invariant.ts';
import type { Random } from '#core/units/random.ts';
import { normalSampler, type Sampler } from './samplers.ts';

/** How long prompts or answers are, in tokens. All lengths are whole, and 1 or more. */
export type LengthSpec =
  | { readonly law: 'fixed'; readonly tokens: number }
  /** Given by two of its quantiles, as papers tell them. `p95` is `median` or more. */
  | {
      readonly law: 'lognormal';
      readonly median: number;
      readonly p95: number;
      /** Shorter and longer ones are cut to these. @default 1 */
      readonly tokensMin?: number;
      /** @default - no bound */
      readonly tokensMax?: number;
    }
  /** One of these, each as likely as another. */
  | { readonly law: 'empirical'; readonly tokens: ArrayLike<number> };

/** The normal law's 95th percentile. */
const NORMAL_P95 = 1.6448536269514722;

/** Lengths by that law, one a call. */
export function lengthSampler(spec: LengthSpec, random: Random): Sampler {
  if (spec.law === 'fixed') {
    const tokens = wholeTokens(spec.tokens);
    return () => tokens;
  }
  if (spec.law === 'empirical') {
    const { tokens } = spec;
    invariant(tokens.length > 0, 'an empirical law has at least one length');
    return () => wholeTokens(tokens[Math.floor(tokens.length * random.next())] ?? 1);
  }
  const { median, p95, tokensMin = 1, tokensMax = Number.POSITIVE_INFINITY } = spec;
  invariant(
    median > 0 && p95 >= median && tokensMax >= tokensMin,
    'median <= p95, and tokensMin <= tokensMax',
  );
  const sigma = Math.log(p95 / median) / NORMAL_P95;
  const normal = normalSampler(random);
  return () => wholeTokens(Math.min(tokensMax, Math.max(tokensMin, median * Math.exp(sigma * normal()))));
}

const wholeTokens = (tokens: number): number => Math.max(1, Math.round(tokens));

/** A prompt and its answer. */
export interface Lengths {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Both lengths of a request: each by a law of its own, or pairs as they were seen, which keeps what binds them. */
export type LengthsSpec =
  | { readonly input: LengthSpec; readonly output: LengthSpec }
  | { readonly pairs: readonly Lengths[] };

/** Both lengths of one request a call. */
export function lengthsSampler(spec: LengthsSpec, random: Random): () => Lengths {
  if ('pairs' in spec) {
    const { pairs } = spec;
    const first = pairs[0];
    invariant(first !== undefined, 'there is at least one pair of lengths');
    return () => pairs[Math.floor(pairs.length * random.next())] ?? first;
  }
  const input = lengthSampler(spec.input, random);
  const output = lengthSampler(spec.output, random);
  return () => ({ inputTokens: input(), outputTokens: output() });
}
