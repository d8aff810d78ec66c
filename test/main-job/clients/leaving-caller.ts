/** A caller that leaves in the middle of an answer, and what becomes of its call to the model. */
import { eventually, type JournalEntry, type SpillwayProcess } from '../spillway-process.ts';
import { failure } from './failure.ts';
import { lastSeq } from './model-calls.ts';

/** A stream stops in its middle; an operation without one never answers at all. */
const stalls = {
  ConverseStream: { kind: 'stall-stream', afterChunks: 2 },
  InvokeModel: { kind: 'hang' },
  CountTokens: { kind: 'hang' },
} as const;

/**
 * Asks while the model stalls, and aborts as soon as the model is asked. Answers with what the client threw and with
 * the calls to models, once each of them has been aborted; throws where one still runs after a second.
 */
export async function leaveDuringCall(
  spillway: SpillwayProcess,
  ask: (signal: AbortSignal) => PromiseLike<unknown>,
  operation: keyof typeof stalls = 'ConverseStream',
): Promise<{ readonly error: unknown; readonly calls: readonly JournalEntry[] }> {
  await spillway.control('PUT', 'faults', [{ service: 'bedrock-runtime', operation, ...stalls[operation] }]);
  const from = await lastSeq(spillway);
  const caller = new AbortController();
  const asked = failure(ask(caller.signal));
  const calls = async () =>
    (await spillway.journal(`?since=${from}`)).filter(({ service }) => service.endsWith('-runtime'));
  await eventually(async () => ((await calls()).length > 0 ? true : undefined), 'the call');
  caller.abort();
  const error = await asked;
  const gone = async () => ((await calls()).every((call) => call.aborted) ? true : undefined);
  await eventually(gone, 'the abort in the journal', 1_000);
  return { error, calls: await calls() };
}
