/** What the journal of the local AWS says of chains: who answered them, and who met a target without a copy. */
import type { CallResult, ChainResult } from '#test/builders/chain-load.ts';

export interface JournalCall {
  readonly at: string;
  readonly service: string;
  readonly region: string | null;
  readonly target: string | null;
  readonly status: number;
  /** Also of a stream that broke off after its head. */
  readonly error?: string;
  readonly durationMs: number;
  readonly traceparent?: string;
}

export interface JournalVerdict {
  /** Chains of which a call was refused for want of a copy, or waited for one. */
  readonly cold: ReadonlySet<string>;
  /** Chains with as many answers in the journal as calls that were asked. */
  readonly whole: ReadonlySet<string>;
  /** Calls whose answer broke off. */
  readonly broken: number;
  /** Calls to endpoints that found no copy, of chains and of those that only wake. */
  readonly refused: number;
  readonly regions: readonly string[];
}

/**
 * A chain is cold when a call under its trace found no copy, or when one that was refused and asked again was answered by
 * an endpoint of which the journal says that it had no copy meanwhile: its last word before the call, or one since.
 * One that was answered elsewhere at once met nothing cold.
 */
export function judgeJournal(
  results: readonly ChainResult[],
  journal: readonly JournalCall[],
): JournalVerdict {
  const calls = journal.map((call) => ({ ...call, atMs: Date.parse(call.at) }));
  const byTrace = Map.groupBy(calls, ({ traceparent }) => traceparent?.split('-')[1] ?? '');
  const byTarget = Map.groupBy(calls.filter(isAtEndpoint), ({ target }) => target);
  const cold = new Set<string>();
  const whole = new Set<string>();
  for (const { trace, calls: asked } of results) {
    const own = byTrace.get(trace) ?? [];
    if (own.some(foundNoCopy)) cold.add(trace);
    const answers = own.filter(({ status, error }) => status === 200 && error === undefined);
    if (answers.length === asked.length) whole.add(trace);
    for (const call of asked) {
      const answer = answers.find(({ atMs }) => atMs >= call.askedAt && atMs <= call.answeredAt);
      if (answer !== undefined && waitedForCopy(call, answer, byTarget.get(answer.target) ?? []))
        cold.add(trace);
    }
  }
  return {
    cold,
    whole,
    broken: calls.filter(({ status, error }) => error !== undefined && (status === 200 || status === 424))
      .length,
    refused: calls.filter(foundNoCopy).length,
    regions: [...new Set(calls.map(({ region }) => region ?? ''))].sort(),
  };
}

type TimedCall = JournalCall & { readonly atMs: number };

const isAtEndpoint = ({ service }: JournalCall): boolean => service === 'sagemaker-runtime';
/** Nothing else is refused with 400 here: every body is in order. */
const foundNoCopy = (call: JournalCall): boolean => isAtEndpoint(call) && call.status === 400;

/** @param there all calls to the endpoint, in the order of their arrival */
function waitedForCopy(
  { askedAt, tries }: CallResult,
  { atMs }: TimedCall,
  there: readonly TimedCall[],
): boolean {
  if (tries === 1) return false;
  const before = there.findLast((call) => call.atMs < askedAt);
  if (before !== undefined && foundNoCopy(before)) return true;
  return there.some((call) => call.atMs >= askedAt && call.atMs < atMs && foundNoCopy(call));
}
