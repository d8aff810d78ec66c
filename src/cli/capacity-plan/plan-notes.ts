import type { CopyKind } from '#core/capacity-plan/evaluate-copies.ts';
import { type CapacityPlan, COPIES_MAX } from '#core/capacity-plan/plan-capacity.ts';
import type { Traffic } from '#core/capacity-plan/traffic.ts';
import { percent } from './figures.ts';

/** Whose prices data/hosting.json has. */
const PRICED_REGIONS: readonly string[] = ['us-east-1', 'us-west-2'];

/** What a plan leaves out, or takes for granted. */
export function planNotes(made: {
  readonly plan: CapacityPlan;
  readonly traffic: Traffic;
  readonly region: string;
  /** Nobody measured whether serverless keeps the promise. */
  readonly isServerlessUnknown: boolean;
}): readonly string[] {
  const kinds = made.plan.kinds.map(({ kind }) => kind);
  return [
    ...cutNotes(made.plan),
    ...(made.isServerlessUnknown ? [SERVERLESS_UNKNOWN] : []),
    ...notesOf(made.traffic, kinds, made.region),
  ];
}

const SERVERLESS_UNKNOWN =
  'Nobody measured whether serverless keeps the promise; --spill-share-max 0.05 plans for the case that it does not.';

function cutNotes({ kinds }: CapacityPlan): readonly string[] {
  return kinds.flatMap(({ isCut, kind: { hosting } }) =>
    isCut
      ? [
          `More than ${COPIES_MAX} copies on ${hosting.instanceType} were not tried: plan for each region by itself.`,
        ]
      : [],
  );
}

function notesOf(traffic: Traffic, kinds: readonly CopyKind[], region: string): readonly string[] {
  const hours = traffic.bins.reduce((sum, { seconds }) => sum + seconds, 0) / 3_600;
  const promptMax = Math.max(0, ...traffic.sample.map(({ inputTokens }) => inputTokens));
  const measuredMax = Math.min(
    ...kinds.flatMap(({ speed }) => (speed.promptMs.length > 1 ? [speed.promptMs.at(-1)?.[0] ?? 0] : [])),
  );
  const outside = !PRICED_REGIONS.includes(region);
  return [
    ...(hours < 24
      ? ['The traffic is of less than a day: a month is taken to be like it all the time.']
      : []),
    ...(promptMax > measuredMax
      ? [
          `Prompts are up to ${Math.round(promptMax)} tokens; longer than ${measuredMax} nobody measured, and they are reckoned on.`,
        ]
      : []),
    ...kinds.flatMap(({ hosting, limits: { tooLongShare } }) =>
      tooLongShare > 0
        ? [`${percent(tooLongShare)} of calls never fit into a copy on ${hosting.instanceType}.`]
        : [],
    ),
    ...(outside
      ? [`Instance prices are those of ${PRICED_REGIONS.join(' and ')}; in ${region} they may differ.`]
      : []),
    'Copies run all month on demand: no scaling, no commitment, no start-up time, no prefix cache.',
  ];
}
