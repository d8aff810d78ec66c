/** Which ways to call models a service control policy takes away, and by which statement. */
import { type AuthorizedCall, type Match, matchStatement } from './match-statement.ts';
import { authorizationsOf, type ModelCallWay } from './model-authorizations.ts';
import type { PolicyStatement } from './policy-document.ts';

export interface BrokenWay {
  readonly way: ModelCallWay;
  /** The region whose question is refused: the source, a destination, or `unspecified`. */
  readonly region: string;
  /**
   * `denied`: by the statement. `not-allowed`: the policy has statements that allow, and none allows this. `denial-depends`:
   * the statement denies it under conditions that nobody knows here. `allowance-depends`: the statement allows it under such
   * conditions, and no other one does.
   */
  readonly verdict: 'denied' | 'not-allowed' | 'denial-depends' | 'allowance-depends';
  /** Undefined where none allows it. */
  readonly statement: string | undefined;
  /** Condition keys that it depends on. */
  readonly keys: readonly string[];
}

/**
 * One finding for each way and region: "If any destination Region in a cross-Region inference profile is blocked in your
 * SCPs, the request will fail even if other Regions remain allowed."
 */
export function judgeServiceControl(question: {
  readonly statements: readonly PolicyStatement[];
  readonly ways: readonly ModelCallWay[];
  readonly caller: Parameters<typeof authorizationsOf>[1];
}): readonly BrokenWay[] {
  const { statements, ways, caller } = question;
  return ways.flatMap((way) => {
    const found = new Map<string, BrokenWay>();
    for (const call of authorizationsOf(way, caller)) {
      const broken = judgeCall(statements, call);
      const before = found.get(call.region);
      if (broken === undefined || before?.verdict === 'denied') continue;
      found.set(call.region, { way, region: call.region, ...broken });
    }
    return [...found.values()];
  });
}

function judgeCall(
  statements: readonly PolicyStatement[],
  call: AuthorizedCall,
): Pick<BrokenWay, 'verdict' | 'statement' | 'keys'> | undefined {
  const answers = statements.map((statement) => ({ statement, match: matchStatement(statement, call) }));
  const denies = answers.filter(({ statement }) => statement.effect === 'Deny');
  const denied = denies.find(({ match }) => match.matches === true);
  if (denied !== undefined) return { verdict: 'denied', statement: denied.statement.name, keys: [] };
  const allows = answers.filter(({ statement }) => statement.effect === 'Allow');
  if (allows.length > 0 && allows.every(({ match }) => match.matches === false))
    return { verdict: 'not-allowed', statement: undefined, keys: [] };
  const denial = firstUnknown(denies);
  if (denial !== undefined) return { verdict: 'denial-depends', ...denial };
  if (allows.some(({ match }) => match.matches === true)) return undefined;
  const allowance = firstUnknown(allows);
  return allowance === undefined ? undefined : { verdict: 'allowance-depends', ...allowance };
}

function firstUnknown(
  answers: readonly { readonly statement: PolicyStatement; readonly match: Match }[],
): Pick<BrokenWay, 'statement' | 'keys'> | undefined {
  for (const { statement, match } of answers)
    if (match.matches === 'unknown') return { statement: statement.name, keys: match.keys };
  return undefined;
}
