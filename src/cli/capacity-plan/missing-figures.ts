/** What a caller has to say before a plan can be made: all of it at once. */
import type { HostingFacts } from '#core/facts/compile-hosting.ts';
import type { DescribedEngine, EngineFacts } from '#core/kv/described-engine.ts';
import { nearestNames } from '../nearest-names.ts';
import { everyMeasuredPlace } from './measured-places.ts';
import type { PlanOptions } from './read-options.ts';

/** Something that nobody knows of a place, and the options that say it. */
export interface Gap {
  readonly fact: string;
  readonly options: readonly string[];
}

export const PREFILL_OPTION = '--prefill-tokens-per-second <n>';
export const OUTPUT_OPTION = '--output-token-ms <pairs>';
export const PRICE_OPTION = '--instance-usd-per-hour <n>';

/** A sentence without its full stop: what is not known of an instance type, and a command’s options that mend it. */
export function placeLeftOut(
  instanceType: string,
  gaps: readonly Gap[],
  { facts, hosting }: { readonly facts: EngineFacts; readonly hosting: HostingFacts },
): string {
  const options = ['--instance-type', instanceType, ...gaps.flatMap((gap) => gap.options)].join(' ');
  if (facts.instanceOf(instanceType) !== undefined || hosting.instancePrice(instanceType) !== undefined)
    return `${instanceType}: ${gaps.map(({ fact }) => fact).join(', and ')}; say ${options}`;
  const near = nearestNames(instanceType, facts.instances).join(', ');
  return `${instanceType}: no such instance type is known; the nearest are ${near}. If there is one, say ${options}`;
}

/** Nothing where there is a kind of copy to reckon with. */
export function missingOfCopies(
  { kinds, left }: { readonly kinds: readonly unknown[]; readonly left: readonly string[] },
  {
    options,
    engine,
    hosting,
  }: {
    readonly options: PlanOptions;
    readonly engine: string | DescribedEngine | undefined;
    readonly hosting: HostingFacts;
  },
): readonly string[] {
  if (kinds.length > 0) return [];
  if (left.length > 0) return [`Nothing can be reckoned with: ${left.join('; ')}`];
  if (typeof engine !== 'string') return [unknownEngine(options)];
  return [
    `Nobody has measured ${engine} in public. Measured are ${everyMeasuredPlace(hosting)} (sources: spillway capacity engines). For ${engine} say what your own benchmark showed: --instance-type <type> ${PREFILL_OPTION} ${OUTPUT_OPTION}, and ${PRICE_OPTION} where the type’s price is not known`,
  ];
}

/** Where nothing says what copies run: every option that then is needed, and was not given. */
export function unknownEngine(options: PlanOptions): string {
  const { own } = options;
  const wanted: readonly (readonly [string, unknown])[] = [
    ['--first-token-p95-ms <n>', options.firstTokenMs],
    ['--token-p95-ms <n>', options.tokenMs],
    ['--instance-type <type>', options.instanceTypes[0]],
    ['--kv-tokens-per-copy <n>', options.kvTokensPerCopy],
    [PREFILL_OPTION, own.prefillTokensPerSecond],
    [OUTPUT_OPTION, own.tokenMs],
  ];
  const missing = wanted.flatMap(([option, given]) => (given === undefined ? [option] : []));
  return `Nothing says what copies would run: name a model with --engine (see: spillway capacity engines), or say of your own ${missing.join(' ')}`;
}
