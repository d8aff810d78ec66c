/** Where calls of a residency went in the last minute, as one gateway counted them. */
import type { LiveEvent } from '#contract/live.ts';
import type { ResidencyMap } from '#contract/residencies.ts';
import { isLawful } from './foresee-traffic.ts';

export interface Went {
  /** Calls by region that was asked, the busiest first. */
  readonly asked: ReadonlyMap<string, number>;
  readonly answered: number;
  /** Regions outside the residency that were asked: there are to be none. */
  readonly outside: readonly string[];
}

export function readWent({ went }: Pick<LiveEvent, 'went'>, map: ResidencyMap, residency: string): Went {
  const own = went.filter((each) => each.residency === residency);
  return {
    asked: new Map(own.map(({ region, asked }) => [region, asked])),
    answered: own.reduce((sum, { answered }) => sum + answered, 0),
    outside: own.flatMap(({ region }) => (isLawful(map, residency, region) ? [] : [region])),
  };
}

/** The first sentence says where they went, the second that none went outside, or which did. */
export function tellWent({ asked, answered, outside }: Went, residency: string): readonly string[] {
  if (asked.size === 0) return [`In the last minute no call under ${residency} came by.`];
  const regions = Array.from(asked, ([region, calls]) => `${region} ${calls}`).join(', ');
  return [
    `In the last minute calls went to ${regions}; ${answered} were answered.`,
    outside.length === 0
      ? `✓ None went outside ${residency}.`
      : `✗ Outside ${residency}: ${outside.join(', ')}.`,
  ];
}
