/** The plan of an explanation as people read it: the terminal and the console say the same. */
import type { Explanation } from './http.ts';

/** What of a published target says why it stands where it does. */
interface KnownTarget {
  readonly id: string;
  readonly scope: string;
  readonly position: number;
}

/** A planned target with why it stands before the next one. */
export interface PlannedTarget<Known> {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly scope: string | undefined;
  /** The published target, where the route could be read too. */
  readonly target: Known | undefined;
  readonly because: string;
}

export interface IdParts {
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

/** `<account>/<region>/<name>`: the name may hold slashes of its own. */
export function partsOfId(id: string): IdParts {
  const [account = '', region = '', ...rest] = id.split('/');
  return { account, region, name: rest.join('/') };
}

/** The plan in order, each place with what decided it: facts before scores, since no score overrules them. */
export function readPlan<Known extends KnownTarget>(
  explanation: Pick<Explanation, 'plan' | 'scored'>,
  published: readonly Known[],
): readonly PlannedTarget<Known>[] {
  const targets = new Map(published.map((target) => [target.id, target]));
  const scores = Map.groupBy(explanation.scored, (score) => score.target);
  return explanation.plan.map((id, index) => {
    const target = targets.get(id);
    const nextId = explanation.plan[index + 1];
    return {
      id,
      ...partsOfId(id),
      scope: target?.scope,
      target,
      because:
        nextId === undefined
          ? lastBecause(index)
          : becauseBefore({
              own: { target, scores: scoresOf(scores.get(id)) },
              next: { target: targets.get(nextId), scores: scoresOf(scores.get(nextId)) },
            }),
    };
  });
}

const lastBecause = (index: number): string => (index === 0 ? 'the only one left' : 'last');

type Scores = ReadonlyMap<string, number>;

function scoresOf(scored: Explanation['scored'] | undefined): Scores {
  return new Map((scored ?? []).map(({ by, scoreBps }) => [by, scoreBps]));
}

interface Contender {
  readonly target: KnownTarget | undefined;
  readonly scores: Scores;
}

function becauseBefore({ own, next }: { readonly own: Contender; readonly next: Contender }): string {
  if (own.target !== undefined && next.target !== undefined) {
    const dedicatedFirst = own.target.scope === 'dedicated' && next.target.scope !== 'dedicated';
    if (dedicatedFirst) return 'dedicated before serverless';
    if (own.target.position < next.target.position)
      return `candidate ${own.target.position + 1} before ${next.target.position + 1}`;
  }
  const better = [...own.scores]
    .map(([by, score]) => ({ by, lead: score - (next.scores.get(by) ?? 0) }))
    .filter(({ lead }) => lead > 0)
    .sort((left, right) => right.lead - left.lead || (left.by < right.by ? -1 : 1));
  if (better.length > 0) return `better ${better.map(({ by }) => by).join(', ')}`;
  return own.scores.size === 0 ? 'tier or order of preference' : 'a tie, spread by request';
}
