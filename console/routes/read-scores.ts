/** Scores as bars: a row for each target, a column for each scorer that tells any two of them apart. */
import { type ScorerWords, scorerWords } from '#contract/decision-words.ts';
import type { Explanation } from '#contract/http.ts';

export interface ScoreColumn {
  readonly name: string;
  readonly title: string;
  /** What 100 % stands for. */
  readonly best: string;
  /** How much it counts beside the others. Undefined for a scorer of a newer gateway. */
  readonly weight: number | undefined;
}

export interface ScoreRow {
  readonly target: string;
  /** In percent, one of each column; undefined where the gateway told none. */
  readonly percents: readonly (number | undefined)[];
}

export interface ScoreTable {
  readonly columns: readonly ScoreColumn[];
  readonly rows: readonly ScoreRow[];
  /** Scorers that say the same of all of them, with what they say. */
  readonly equal: readonly { readonly title: string; readonly percent: number }[];
}

const words: Readonly<Record<string, ScorerWords>> = scorerWords;
const BPS_PER_PERCENT = 100;

/** In the order of the plan; those that were scored and stand in no plan come last. */
export function readScores({ scored, plan }: Pick<Explanation, 'scored' | 'plan'>): ScoreTable {
  const byTarget = Map.groupBy(scored, ({ target }) => target);
  const targets = [
    ...plan.filter((id) => byTarget.has(id)),
    ...[...byTarget.keys()].filter((id) => !plan.includes(id)),
  ];
  const told = new Set(scored.map(({ by }) => by));
  const names = [
    ...Object.keys(scorerWords).filter((name) => told.has(name)),
    ...[...told].filter((name) => !Object.hasOwn(scorerWords, name)),
  ];
  const percentOf = (target: string, name: string): number | undefined => {
    const score = byTarget.get(target)?.find(({ by }) => by === name)?.scoreBps;
    return score === undefined ? undefined : score / BPS_PER_PERCENT;
  };
  const differs = (name: string): boolean =>
    new Set(targets.map((target) => percentOf(target, name))).size > 1;
  const columns = names.filter(differs).map((name) => {
    const { title, best, weight } = words[name] ?? { title: name, best: '', weight: undefined };
    return { name, title, best, weight };
  });
  return {
    columns,
    rows: targets.map((target) => ({
      target,
      percents: columns.map(({ name }) => percentOf(target, name)),
    })),
    equal: names
      .filter((name) => !differs(name))
      .map((name) => ({
        title: words[name]?.title ?? name,
        percent: percentOf(targets[0] ?? '', name) ?? 0,
      })),
  };
}
