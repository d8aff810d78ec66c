/** A batch whose dispatcher is killed again and again, and what came of it. */
import type OpenAI from 'openai';
import {
  type BatchWorld,
  batchEnd,
  batchWhere,
  chatLines,
  linesOf,
  startBatch,
} from '#test/builders/batch-world.ts';

export interface KilledBatch {
  readonly batch: OpenAI.Batch & { readonly spillway: { readonly repeated_calls: number } };
  /** `custom_id` of each line of the output file, as they stand there. */
  readonly output: readonly string[];
  readonly errors: readonly string[];
  /** Calls that a target's side saw of each line, beyond the first. */
  readonly callsMadeTwice: number;
  readonly calls: number;
  readonly kills: number;
  readonly seconds: number;
}

/** Resolves when it is dead. */
interface Mortal {
  readonly kill: () => void | Promise<void>;
}

const TRACE_ID = /^00-([0-9a-f]{32})-/;

/** Kills it so often, each time when another share of the lines is done. */
export async function runKilledBatch(
  world: BatchWorld,
  request: {
    readonly lines: number;
    readonly kills: number;
    readonly startDispatcher: () => Mortal | Promise<Mortal>;
  },
): Promise<KilledBatch> {
  const { lines, kills, startDispatcher } = request;
  const client = world.client();
  // Each look at a large batch reads all its chunks.
  const pollMs = Math.max(100, lines / 25);
  const msMax = 240_000;
  const startedMs = performance.now();
  let dispatcher = await startDispatcher();
  const { id } = await startBatch(client, chatLines(lines, { max_tokens: 1 }));
  for (let killed = 1; killed <= kills; killed += 1) {
    const share = (lines * killed) / (kills + 1);
    await batchWhere(
      client,
      id,
      ({ request_counts }) => (request_counts?.completed ?? 0) >= share,
      msMax,
      pollMs,
    );
    await dispatcher.kill();
    dispatcher = await startDispatcher();
  }
  const batch = (await batchEnd(client, id, msMax)) as KilledBatch['batch'];
  const seconds = (performance.now() - startedMs) / 1000;
  await dispatcher.kill();
  const names = async (file: string | null | undefined) =>
    (await linesOf(client, file)).map(({ custom_id }) => custom_id);
  const traces = await tracesCalled(world);
  return {
    batch,
    output: await names(batch.output_file_id),
    errors: await names(batch.error_file_id),
    calls: traces.length,
    callsMadeTwice: traces.length - new Set(traces).size,
    kills,
    seconds,
  };
}

async function tracesCalled({ world }: BatchWorld): Promise<readonly string[]> {
  const answer = await fetch(`${world.awsUrl}/_local/journal?service=bedrock-runtime&limit=200000`);
  const entries = (await answer.json()) as readonly { readonly traceparent?: string }[];
  return entries.map(({ traceparent }) => TRACE_ID.exec(traceparent ?? '')?.[1] ?? 'none');
}
