/** A decision as a picture: who begins, who falls at which filter and why, and who is left. */
import {
  type FilterWords,
  filterWords,
  passingWords,
  type ReasonWords,
  rejectionWords,
  removalWords,
} from '#contract/decision-words.ts';
import type { Explanation } from '#contract/http.ts';

type Removal = Explanation['removed'][number];

interface Fallen {
  readonly target: string;
  /** In words: what it lacks, how long it lasts, who found out. Empty where its code says it all. */
  readonly more: string;
}

/** Those that fall at a filter for one reason. */
export interface Fall {
  readonly code: string;
  readonly said: string;
  readonly helps: string;
  readonly fallen: readonly Fallen[];
}

export interface FilterStep {
  readonly kind: 'filter';
  readonly name: string;
  readonly title: string;
  readonly asks: string;
  readonly before: number;
  readonly after: number;
  readonly falls: readonly Fall[];
}

/** Filters one after the other at which nobody falls. */
export interface PassedStep {
  readonly kind: 'passed';
  readonly titles: readonly string[];
  readonly before: number;
  readonly after: number;
}

export interface DecisionFlow {
  readonly candidates: number;
  readonly steps: readonly (FilterStep | PassedStep)[];
  readonly left: number;
}

const wordsOfFilter: Readonly<Record<string, FilterWords>> = filterWords;
const wordsOfRemoval: Readonly<Record<string, ReasonWords>> = removalWords;
const wordsOfRejection: Readonly<Record<string, ReasonWords>> = rejectionWords;

/** Why a whole request has no plan, and what would help. Undefined where it has one. */
export function rejectionOf({ decision, code }: Explanation): ReasonWords | undefined {
  if (decision === 'routed') return undefined;
  const unknown = { said: `it is refused with ${code ?? 'no reason given'}`, helps: '' };
  return code === undefined ? unknown : (wordsOfRejection[code] ?? unknown);
}

/** Each candidate falls once, at the first filter that removes it; one that is in the plan stays, whatever its twin did. */
export function readFlow({ plan, removed, scored }: Explanation): DecisionFlow {
  const planned = new Set(plan);
  const places = new Map(Object.keys(filterWords).map((name, index) => [name, index]));
  const placeOf = ({ by }: Removal): number => places.get(by) ?? places.size;
  const falling = new Map<string, Removal>();
  for (const removal of [...removed].sort((one, other) => placeOf(one) - placeOf(other)))
    if (!planned.has(removal.target) && !falling.has(removal.target)) falling.set(removal.target, removal);
  const all = new Set([...plan, ...falling.keys(), ...scored.map(({ target }) => target)]);
  const byFilter = Map.groupBy(falling.values(), ({ by }) => by);
  const names = [...places.keys(), ...[...byFilter.keys()].filter((name) => !places.has(name))];
  return { candidates: all.size, ...stepsOf(names, byFilter, all.size) };
}

function stepsOf(
  names: readonly string[],
  byFilter: ReadonlyMap<string, readonly Removal[]>,
  candidates: number,
): Pick<DecisionFlow, 'steps' | 'left'> {
  const steps: (FilterStep | PassedStep)[] = [];
  let left = candidates;
  let passed: string[] = [];
  const flush = (): void => {
    if (passed.length > 0) steps.push({ kind: 'passed', titles: passed, before: left, after: left });
    passed = [];
  };
  for (const name of names) {
    const fallen = byFilter.get(name) ?? [];
    const { title, asks } = wordsOfFilter[name] ?? { title: name, asks: '' };
    if (fallen.length === 0) {
      passed.push(title);
      continue;
    }
    flush();
    const before = left;
    left -= fallen.length;
    steps.push({ kind: 'filter', name, title, asks, before, after: left, falls: fallsOf(fallen) });
  }
  flush();
  return { steps, left };
}

/** Most first. */
function fallsOf(removed: readonly Removal[]): readonly Fall[] {
  return [...Map.groupBy(removed, ({ code }) => code)]
    .map(([code, own]) => ({
      code,
      ...(wordsOfRemoval[code] ?? { said: code, helps: '' }),
      fallen: own
        .map((removal) => ({ target: removal.target, more: moreOf(removal) }))
        .sort((one, other) => (one.target < other.target ? -1 : 1)),
    }))
    .sort((one, other) => other.fallen.length - one.fallen.length);
}

function moreOf(removal: Removal): string {
  const { missing = [] } = removal;
  const lacks = missing.length === 0 ? [] : [`it lacks ${missing.join(', ')}`];
  return [...lacks, ...passingWords(removal)].join(', ');
}
