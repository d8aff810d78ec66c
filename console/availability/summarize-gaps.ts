/** The gaps of what is shown, gathered by their reason: those of whom something can be asked first. */
import {
  type AvailabilityTarget,
  isUsable,
  kindOfTarget,
  type Repairer,
  repairers,
  tellingTarget,
} from '#contract/availability-cells.ts';
import { nameOf } from './board.ts';
import { stateText } from './words.ts';

export interface GapSummary {
  readonly who: Repairer;
  /** In words. */
  readonly state: string;
  readonly hint: string;
  readonly modelCount: number;
  readonly regionCount: number;
  readonly accountCount: number;
  /** One of them, to look at. */
  readonly example: Pick<AvailabilityTarget, 'account' | 'region'> & { readonly name: string };
}

/** Of models that AWS offers in a region where nobody can call them; what is not offered is no gap that anybody made. */
export function summarizeGaps(targets: readonly AvailabilityTarget[]): readonly GapSummary[] {
  const places = Map.groupBy(targets, (target) => `${target.account} ${target.region} ${nameOf(target)}`);
  const tellers = [...places.values()].flatMap((own) => {
    if (own.some((target) => isUsable(kindOfTarget(target)))) return [];
    const teller = tellingTarget(own);
    return teller === undefined || kindOfTarget(teller) === 'not-offered' ? [] : [teller];
  });
  const alike = Map.groupBy(
    tellers,
    ({ hint, state }) => `${repairers.indexOf(hint.who)} ${state} ${hint.text}`,
  );
  return [...alike.entries()].sort(byRepairerThenCount).flatMap(([, same]): GapSummary[] => {
    const [first] = same;
    if (first === undefined) return [];
    const count = (of: (target: AvailabilityTarget) => string): number => new Set(same.map(of)).size;
    return [
      {
        who: first.hint.who,
        state: stateText(first.state),
        hint: first.hint.text,
        modelCount: count(nameOf),
        regionCount: count(({ region }) => region),
        accountCount: count(({ account }) => account),
        example: { account: first.account, region: first.region, name: nameOf(first) },
      },
    ];
  });
}

function byRepairerThenCount(
  [left, leftTargets]: readonly [string, readonly unknown[]],
  [right, rightTargets]: readonly [string, readonly unknown[]],
): number {
  return left.charCodeAt(0) - right.charCodeAt(0) || rightTargets.length - leftTargets.length;
}
