import { type Correction, correctBy, corrected, uncorrected } from '#core/tokens/correct-estimate.ts';
import { RecentEntries } from './recent-entries.ts';

const ENTRIES_MAX = 10_000;
/** Fewer reports of a tenant say less than those of all tenants together. */
const OWN_REPORTS_MIN = 8;

interface Estimated {
  readonly tenant: string;
  /** Of the target: every model counts in its own way. */
  readonly modelId: string;
  /** As the family's prices give it. */
  readonly estimated: number;
}

/** How far estimates of input tokens were off in this process, by model, and by tenant where it has sent enough. */
export interface InputCorrections {
  correct(call: Estimated): number;
  /** A target told how many tokens it read, those of a cache included. */
  told(call: Estimated, tokens: number): void;
}

export function createInputCorrections(): InputCorrections {
  const corrections = new RecentEntries<Correction>(ENTRIES_MAX);
  const of = (key: string) => corrections.get(key) ?? uncorrected;
  return {
    correct: ({ tenant, modelId, estimated }) => {
      const own = of(ownKey(tenant, modelId));
      return corrected(estimated, own.reports >= OWN_REPORTS_MIN ? own : of(modelId));
    },
    told: ({ tenant, modelId, estimated }, tokens) => {
      for (const key of [modelId, ownKey(tenant, modelId)])
        corrections.set(key, correctBy(of(key), { estimated, told: tokens }));
    },
  };
}

function ownKey(tenant: string, modelId: string): string {
  return `${tenant} ${modelId}`;
}
