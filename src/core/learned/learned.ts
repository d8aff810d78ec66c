/**
 * core/learned: what is known of one tenant's calls from those before them: which models its chains need, and how long
 * its answers are.
 *
 * Invariant: names of models, paths and counts, never what was asked or answered; one value is one tenant's. Counts of
 * several processes add up in any order. The folder owns no state.
 */
import { addChains, type ChainCounts, noChains } from '../chain/chain-counts.ts';
import { addLengths, noLengths, type OutputLengths } from '../tokens/output-quantiles.ts';

export interface Learned {
  /** By how a chain began: first model and path. */
  readonly chains: ReadonlyMap<string, ChainCounts>;
  /** By model and path. */
  readonly lengths: ReadonlyMap<string, OutputLengths>;
}

export const nothingLearned: Learned = { chains: new Map(), lengths: new Map() };

/** Of a tenant, of each sort: beyond it those that were counted least go. */
export const KINDS_MAX = 32;

/** What two lots of calls taught together: the counts of both. */
export function addLearned(one: Learned, other: Learned): Learned {
  const chains = added(one.chains, other.chains, (before, more) => addChains(before ?? noChains, more));
  const lengths = added(one.lengths, other.lengths, (before, more) => addLengths(before ?? noLengths, more));
  return {
    chains: mostCounted(chains, (counts) => counts.chains),
    lengths: mostCounted(lengths, ({ weight }) => weight),
  };
}

export function isNothing({ chains, lengths }: Learned): boolean {
  return chains.size === 0 && lengths.size === 0;
}

/** All chains of the tenant that are counted. */
export function chainsCounted({ chains }: Learned): number {
  let sum = 0;
  for (const counts of chains.values()) sum += counts.chains;
  return sum;
}

function added<Value>(
  one: ReadonlyMap<string, Value>,
  other: ReadonlyMap<string, Value>,
  add: (before: Value | undefined, more: Value) => Value,
): Map<string, Value> {
  const sum = new Map(one);
  for (const [key, more] of other) sum.set(key, add(sum.get(key), more));
  return sum;
}

function mostCounted<Value>(
  entries: ReadonlyMap<string, Value>,
  countOf: (value: Value) => number,
): ReadonlyMap<string, Value> {
  if (entries.size <= KINDS_MAX) return entries;
  const ranked = [...entries].sort(
    ([one, oneValue], [other, otherValue]) =>
      countOf(otherValue) - countOf(oneValue) || (one < other ? -1 : 1),
  );
  return new Map(ranked.slice(0, KINDS_MAX));
}
