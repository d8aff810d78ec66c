import { addLength, expectedOutput, noLengths, type OutputLengths } from '#core/tokens/output-quantiles.ts';
import { RecentEntries } from './recent-entries.ts';

/** Some 400 bytes each: two megabytes at the most. */
const KINDS_MAX = 4_096;

/** Answers that are likely to be of about one length. */
interface AnswerKind {
  readonly tenant: string;
  /** The logical model. */
  readonly model: string;
  /** The path of the API that was called. */
  readonly route: string;
}

/** How long answers were in this process. Lost with it: then the longest tenth is not known, and a default holds. */
export interface OutputLengthBook {
  /** Tokens that nine of ten such answers do not exceed, and never more than the call allows. */
  expected(kind: AnswerKind, maxTokens: number): number;
  /** One answer came to its end. */
  ended(kind: AnswerKind, answer: { readonly outputTokens: number; readonly maxTokens: number }): void;
}

export function createOutputLengthBook(): OutputLengthBook {
  const kinds = new RecentEntries<OutputLengths>(KINDS_MAX);
  return {
    expected: (kind, maxTokens) => expectedOutput(kinds.get(keyOf(kind)) ?? noLengths, maxTokens),
    ended: (kind, { outputTokens, maxTokens }) => {
      // No answer is longer than it was allowed to be: who says so counts wrong.
      if (outputTokens > maxTokens) return;
      const key = keyOf(kind);
      kinds.set(key, addLength(kinds.get(key) ?? noLengths, outputTokens));
    },
  };
}

/** Names of tenants and models hold no space. */
function keyOf({ tenant, model, route }: AnswerKind): string {
  return `${tenant} ${model} ${route}`;
}
