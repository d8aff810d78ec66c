import type { Candidate, DecisionQuestion, Filter, Removal, RemovalCode } from './decision.ts';
import { whatIsMissing } from './filters/capability-filter.ts';
import { filters } from './filters/filters.ts';
import type { Roster } from './roster.ts';

/**
 * By place, why a candidate leaves: the word of the first filter that removes it. Undefined where it stays; no list at
 * all where all stay.
 */
export type Removals = readonly (Removal | undefined)[] | undefined;

/** One filter after the other, and not one candidate: most of them have nothing to say of a whole question. */
export function removalsOf(
  roster: Roster,
  candidates: readonly Candidate[],
  question: DecisionQuestion,
): Removals {
  let removals: (Removal | undefined)[] | undefined;
  for (const filter of filters) {
    if (filter.isIdle?.(question) === true) continue;
    const words = wordsByMake(filter, { roster, candidates, question });
    if (words === keepsAll) continue;
    for (let place = 0; place < candidates.length; place += 1) {
      if (removals?.[place] !== undefined) continue;
      const candidate = candidates[place] as Candidate;
      const make = roster.members[place]?.make ?? place;
      const code = words === undefined ? filter.judge(candidate, question) : words[make];
      if (code === undefined) continue;
      removals ??= candidates.map(() => undefined);
      removals[place] = removalBy(filter, code, { candidate, question });
    }
  }
  return removals;
}

const keepsAll: readonly undefined[] = [];

/** What a filter says of each make, by its first place. Undefined where it has to be asked of every candidate. */
function wordsByMake(
  filter: Filter,
  asked: {
    readonly roster: Roster;
    readonly candidates: readonly Candidate[];
    readonly question: DecisionQuestion;
  },
): readonly (RemovalCode | undefined)[] | undefined {
  const { roster, candidates, question } = asked;
  if (filter.judgesByMake?.(question) !== true) return undefined;
  let words: (RemovalCode | undefined)[] | undefined;
  for (const place of roster.makes) {
    const code = filter.judge(candidates[place] as Candidate, question);
    if (code === undefined) continue;
    words ??= [];
    words[place] = code;
  }
  return words ?? keepsAll;
}

function removalBy(
  { name: by }: Filter,
  code: RemovalCode,
  { candidate: { target }, question }: { readonly candidate: Candidate; readonly question: DecisionQuestion },
): Removal {
  const removal = { target: target.id, by, code };
  if (code !== 'capability-missing') return removal;
  return { ...removal, missing: whatIsMissing(target, question) };
}
