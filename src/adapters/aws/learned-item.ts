/** What was learned of a tenant's calls, as an item and back. */
import { learnedItemSchema } from '#contract/learned-item.ts';
import type { ChainCounts } from '#core/chain/chain-counts.ts';
import { BUCKETS, type OutputLengths } from '#core/tokens/output-quantiles.ts';
import type { StoredLearned } from '#usecases/ports/learned-store.ts';
import type { TableItem } from './dynamodb-table.ts';

export function itemOfLearned({ revision, learned }: StoredLearned): TableItem {
  const chains = [...learned.chains].map(([kind, counts]) => [
    kind,
    { chains: counts.chains, models: Object.fromEntries(counts.byModel) },
  ]);
  const lengths = [...learned.lengths].map(([kind, { answers, counts }]) => [
    kind,
    { answers, counts: filledOf(counts) },
  ]);
  return { revision, chains: Object.fromEntries(chains), lengths: Object.fromEntries(lengths) };
}

/** Undefined for an item of another shape. */
export function learnedOfItem(item: TableItem): StoredLearned | undefined {
  const { success, data } = learnedItemSchema.safeParse(item);
  if (!success) return undefined;
  const chains = Object.entries(data.chains).map(([kind, counts]): [string, ChainCounts] => [
    kind,
    { chains: counts.chains, byModel: new Map(Object.entries(counts.models)) },
  ]);
  const lengths = Object.entries(data.lengths).map(([kind, stored]): [string, OutputLengths] => [
    kind,
    lengthsOf(stored),
  ]);
  return { revision: data.revision, learned: { chains: new Map(chains), lengths: new Map(lengths) } };
}

/** Nearly all buckets are empty. Thousandths are exact enough, and short. */
function filledOf(counts: Float32Array): Readonly<Record<string, number>> {
  const filled = [...counts.entries()].filter(([, count]) => count >= 0.0005);
  return Object.fromEntries(filled.map(([bucket, count]) => [bucket, Math.round(count * 1000) / 1000]));
}

function lengthsOf(stored: {
  readonly answers: number;
  readonly counts: Readonly<Record<string, number>>;
}): OutputLengths {
  const counts = new Float32Array(BUCKETS);
  let weight = 0;
  for (const [place, count] of Object.entries(stored.counts)) {
    const bucket = Number(place);
    if (bucket >= BUCKETS) continue;
    counts[bucket] = count;
    weight += count;
  }
  return { counts, weight, answers: stored.answers };
}
