/**
 * core/batch: what a batch of calls is, how its lines are read, and which step follows which.
 *
 * Invariant: a batch only moves forward, and every line of it ends in exactly one result. A step that does not fit the
 * state in which it meets the batch changes nothing. Nothing here knows a clock or chance; the folder owns no state.
 */
import type { InstantMs } from '../units/instant-ms.ts';
import type { LineProblem } from './line-problems.ts';
import type { LineUsage } from './line-usage.ts';

/** Paths whose calls may stand in a file. */
export const batchEndpoints = ['/v1/chat/completions', '/v1/embeddings'] as const;
export type BatchEndpoint = (typeof batchEndpoints)[number];

/** OpenAI's words. */
export const batchStates = [
  'validating',
  'failed',
  'in_progress',
  'finalizing',
  'completed',
  'expired',
  'cancelling',
  'cancelled',
] as const;
export type BatchState = (typeof batchStates)[number];

/** How many lines of a file ended in what, and what the answered ones took. */
export interface Tally extends LineUsage {
  readonly completed: number;
  readonly failed: number;
  /** Of the failed: those that the end of the window met before they were called. */
  readonly expired: number;
  /** Calls under way when their dispatcher died, which were made again: each may have been made twice. */
  readonly repeatedCalls: number;
}

/** Whose batch it is, narrowed to what the key that made it may use. */
interface BatchScopes {
  readonly residencies: readonly string[];
  readonly models: readonly string[];
}

export interface Batch {
  readonly tenant: string;
  readonly id: string;
  /** Counts the changes: one that was made from an older reading is not written. */
  readonly revision: number;
  readonly endpoint: BatchEndpoint;
  readonly inputFile: string;
  /** Where the lines stand. */
  readonly inputKey: string;
  /** Every line runs under it. */
  readonly residency: string;
  readonly scopes: BatchScopes;
  readonly state: BatchState;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly createdAt: InstantMs;
  /** The end of the window: lines that were not called by then never are. */
  readonly expiresAt: InstantMs;
  /** When each state began. */
  readonly since: Readonly<Partial<Record<BatchState, InstantMs>>>;
  /** Of all lines. Undefined until they were read. */
  readonly model?: string | undefined;
  readonly lines: number;
  readonly chunks: number;
  readonly problems: readonly LineProblem[];
  /** Once it has ended; before, the chunks tell. */
  readonly tally?: Tally | undefined;
  readonly outputFile?: string | undefined;
  readonly errorFile?: string | undefined;
}

export const COMPLETION_WINDOW_MS = 24 * 3_600_000;

const ended: ReadonlySet<BatchState> = new Set(['failed', 'completed', 'expired', 'cancelled']);

export function hasEnded({ state }: Pick<Batch, 'state'>): boolean {
  return ended.has(state);
}

export function newBatch(
  asked: Pick<
    Batch,
    'tenant' | 'id' | 'endpoint' | 'inputFile' | 'inputKey' | 'residency' | 'scopes' | 'metadata'
  >,
  at: InstantMs,
): Batch {
  return {
    ...asked,
    revision: 1,
    state: 'validating',
    createdAt: at,
    expiresAt: at + COMPLETION_WINDOW_MS,
    since: { validating: at },
    lines: 0,
    chunks: 0,
    problems: [],
  };
}

/** What every line was found to be: the calls may begin. Undefined where the batch waits for nothing of the kind. */
export function accepted(
  batch: Batch,
  found: Required<Pick<Batch, 'model' | 'lines' | 'chunks'>>,
  at: InstantMs,
): Batch | undefined {
  return batch.state === 'validating' ? { ...moved(batch, 'in_progress', at), ...found } : undefined;
}

/** Not one line of it is called. */
export function refusedFor(batch: Batch, problems: readonly LineProblem[], at: InstantMs): Batch | undefined {
  return batch.state === 'validating' ? { ...moved(batch, 'failed', at), problems } : undefined;
}

/** `too-late`: nothing is left to be cancelled. */
export function cancelled(batch: Batch, at: InstantMs): Batch | 'asked-before' | 'too-late' {
  if (batch.state === 'cancelling' || batch.state === 'cancelled') return 'asked-before';
  if (batch.state !== 'validating' && batch.state !== 'in_progress') return 'too-late';
  return moved(batch, 'cancelling', at);
}

/** All lines have results: they are put together. Undefined where nothing changes. */
export function finalizing(batch: Batch, at: InstantMs): Batch | undefined {
  return batch.state === 'in_progress' ? moved(batch, 'finalizing', at) : undefined;
}

/** The last step. Undefined for a batch that is not there yet. */
export function closed(
  batch: Batch,
  made: { readonly tally: Tally } & Pick<Batch, 'outputFile' | 'errorFile'>,
  at: InstantMs,
): Batch | undefined {
  const state = endOf(batch, made.tally, at);
  return state === undefined ? undefined : { ...moved(batch, state, at), ...made };
}

/** Nobody could bring it to its end, however often that was tried. Undefined for a batch that has ended. */
export function brokenOff(
  batch: Batch,
  { why, tally }: { readonly why: LineProblem; readonly tally: Tally },
  at: InstantMs,
): Batch | undefined {
  return hasEnded(batch) ? undefined : { ...moved(batch, 'failed', at), problems: [why], tally };
}

function endOf(batch: Batch, tally: Tally, at: InstantMs): BatchState | undefined {
  switch (batch.state) {
    case 'cancelling':
      return 'cancelled';
    case 'finalizing':
      return tally.expired > 0 ? 'expired' : 'completed';
    case 'validating':
      return isOver(batch, at) ? 'expired' : undefined;
    default:
      return undefined;
  }
}

export function isOver({ expiresAt }: Pick<Batch, 'expiresAt'>, at: InstantMs): boolean {
  return at >= expiresAt;
}

/** Why lines that have not begun are not called any more. Undefined while they are. */
export function stopReason(batch: Batch, at: InstantMs): 'cancelled' | 'expired' | undefined {
  if (batch.state === 'cancelling') return 'cancelled';
  return isOver(batch, at) ? 'expired' : undefined;
}

function moved(batch: Batch, state: BatchState, at: InstantMs): Batch {
  return { ...batch, revision: batch.revision + 1, state, since: { ...batch.since, [state]: at } };
}
