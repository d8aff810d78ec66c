import type { CallOrder } from '#contract/batch-messages.ts';
import { type Batch, hasEnded, stopReason } from '#core/batch/batch.ts';
import { type BatchLine, readBatchLine } from '#core/batch/batch-line.ts';
import { doneWith, takeChunk } from '#core/batch/chunk.ts';
import { LineReader } from '#core/batch/jsonl-lines.ts';
import { sumOfUsage, usageOfLine } from '#core/batch/line-usage.ts';
import { keptLine, type LineResult, type UnansweredReason, unansweredLine } from '#core/batch/result-line.ts';
import { BODY_BYTES_MAX } from '../gateway/read-body.ts';
import { type DispatchServices, retentionMs } from './batch-services.ts';
import { done, later, type StepConditions, type StepEnd } from './batch-step.ts';
import { callLines } from './call-lines.ts';
import { ChunkLease, LeaseLost } from './chunk-lease.ts';
import { ask } from './create-batch.ts';
import { keptBefore, ResultLog } from './result-log.ts';

/** Died with so many calls of a chunk under way: those are not made once more. */
const CRASHES_MAX = 8;
const TAKEN_BY_ANOTHER_SECONDS = 1;

/**
 * Calls the lines of a chunk that have no result yet, and puts its results together once each line has one. Whatever
 * ends it on the way, nothing that was kept is lost and no line gets a second result. @throws HouseError
 */
export async function runChunk(
  services: DispatchServices,
  order: CallOrder,
  conditions: StepConditions,
): Promise<StepEnd> {
  const { store, clock, pace, ids } = services;
  const batch = await store.loadBatch(order.tenant, order.batch);
  if (batch === undefined || hasEnded(batch)) return done;
  const standing = await store.loadChunk(order.batch, order.chunk);
  const holder = ids.next();
  const claim = { batch: batch.id, index: order.chunk, holder, at: clock.now(), leaseMs: pace.leaseMs };
  const taking = takeChunk(standing, claim);
  if (taking.kind === 'done') {
    if (conditions.isOneOfMany !== true) await finishIfLast(services, batch, order.chunk);
    return done;
  }
  if (taking.kind === 'busy') return later(taking.waitMs);
  const { chunk, suspects } = taking;
  if (!(await store.saveChunk(chunk, clock.now() + retentionMs(services))))
    return later(TAKEN_BY_ANOTHER_SECONDS * 1000);
  const run = new ChunkRun({ services, order, conditions, batch, lease: new ChunkLease(services, chunk) });
  try {
    return await run.toEnd(suspects, standing === undefined);
  } catch (error) {
    if (error instanceof LeaseLost) return later(pace.leaseMs);
    throw error;
  }
}

interface RunParts {
  readonly services: DispatchServices;
  readonly order: CallOrder;
  readonly conditions: StepConditions;
  readonly batch: Batch;
  readonly lease: ChunkLease;
}

const resultPrefix = (batch: string, chunk: number): string =>
  `work/${batch}/lines/${String(chunk).padStart(5, '0')}/`;

class ChunkRun {
  readonly #parts: RunParts;
  readonly #log: ResultLog;

  constructor(parts: RunParts) {
    this.#parts = parts;
    const { services, order, lease } = parts;
    const prefix = resultPrefix(order.batch, order.chunk);
    this.#log = new ResultLog(services, `${prefix}${lease.chunk.holder}-`);
  }

  async toEnd(suspects: readonly number[], isFirst: boolean): Promise<StepEnd> {
    const { services, lease } = this.#parts;
    const begun = { ms: services.clock.monotonicMs(), repeatedCalls: lease.chunk.repeatedCalls };
    try {
      return await this.#toEnd(suspects, isFirst);
    } finally {
      this.#tell(begun);
    }
  }

  async #toEnd(suspects: readonly number[], isFirst: boolean): Promise<StepEnd> {
    const { services, order, conditions, batch, lease } = this.#parts;
    const lines = await this.#readLines();
    const prefix = resultPrefix(order.batch, order.chunk);
    const kept = isFirst ? { results: new Map(), keys: [] } : await keptBefore(services.objects, prefix);
    const { results }: { readonly results: Map<number, LineResult> } = kept;
    const repeated = suspects.filter((index) => !results.has(index));
    if (lease.chunk.crashes >= CRASHES_MAX) this.#giveUp(repeated, { lines, results });
    else if (repeated.length > 0 && stopReason(batch, services.clock.now()) === undefined)
      await lease.hold({ begun: [], repeatedCalls: lease.chunk.repeatedCalls + repeated.length });
    const open = lines.flatMap((_, index) => (results.has(index) ? [] : [index]));
    const before = results.size;
    const end = await callLines(services, {
      ...{ batch, lease, lines, open, results, conditions },
      firstLine: order.firstLine,
      keep: (result) => this.#log.add(result),
    });
    const reason = end.reason ?? (conditions.givesUp === true ? 'gave-up' : undefined);
    if (reason !== undefined) this.#giveUp(missing(lines, results), { lines, results, reason });
    if (results.size < lines.length) {
      const made = results.size > before;
      await lease.letGo(made);
      return later(end.stopped ? 0 : delayMs(services, lease.chunk.postponements, end.retryAfterMs));
    }
    await this.#putTogether(results);
    const keys = [...kept.keys, ...this.#log.keys];
    if (keys.length > 0) await services.objects.remove(keys).catch(() => undefined);
    if (conditions.isOneOfMany !== true) await finishIfLast(services, batch, order.chunk);
    return done;
  }

  /** Lines count once, when nothing of their chunk changes any more. */
  #tell(begun: { readonly ms: number; readonly repeatedCalls: number }): void {
    const { services, batch, lease } = this.#parts;
    const { part, completed, failed, repeatedCalls } = lease.chunk;
    const { clock, metrics } = services;
    const at = clock.now();
    metrics.chunkLeft({
      at,
      model: batch.model ?? '',
      heldMs: clock.monotonicMs() - begun.ms,
      ageSeconds: (at - batch.createdAt) / 1000,
      completed: part === undefined ? 0 : completed,
      failed: part === undefined ? 0 : failed,
      repeatedCalls: repeatedCalls - begun.repeatedCalls,
    });
  }

  #giveUp(
    indexes: readonly number[],
    into: {
      readonly lines: readonly (BatchLine | undefined)[];
      readonly results: Map<number, LineResult>;
      readonly reason?: UnansweredReason;
    },
  ): void {
    const { order } = this.#parts;
    for (const index of indexes) {
      const customId = into.lines[index]?.customId ?? '';
      const name = { batch: order.batch, number: order.firstLine + index, customId };
      into.results.set(index, unansweredLine(index, name, into.reason ?? 'gave-up'));
    }
  }

  async #readLines(): Promise<readonly (BatchLine | undefined)[]> {
    const { services, order, batch } = this.#parts;
    const body = await services.objects.read(batch.inputKey, order);
    const reader = new LineReader(BODY_BYTES_MAX + 1);
    const lines: (BatchLine | undefined)[] = [];
    const take = (bytes: Uint8Array): void => {
      const read = readBatchLine(bytes, order.firstLine + lines.length, batch.endpoint);
      lines.push(read.ok ? read.line : undefined);
    };
    for await (const bytes of body ?? []) for (const line of reader.push(bytes)) take(line.bytes);
    const last = reader.end();
    if (last !== undefined) take(last.bytes);
    // A file that is gone leaves lines that nobody can call.
    while (lines.length < order.lines) lines.push(undefined);
    return lines;
  }

  /** From here on the chunk's results are these, whoever else has some. */
  async #putTogether(results: ReadonlyMap<number, LineResult>): Promise<void> {
    const { services, order, lease } = this.#parts;
    const sorted = [...results.values()].sort((left, right) => left.index - right.index);
    const part = `work/${order.batch}/parts/${String(order.chunk).padStart(5, '0')}-${lease.chunk.holder}`;
    await services.objects.put(part, new TextEncoder().encode(sorted.map(keptLine).join('')));
    const completed = sorted.filter((result) => result.completed).length;
    const expired = sorted.filter((result) => result.expired).length;
    const usage = sumOfUsage(sorted.filter((each) => each.completed).map(({ json }) => usageOfLine(json)));
    const made = { part, completed, failed: sorted.length - completed, expired, ...usage };
    await lease.save(doneWith(lease.chunk, made), (chunk) => doneWith(chunk, made));
  }
}

function missing(lines: readonly unknown[], results: ReadonlyMap<number, unknown>): readonly number[] {
  return lines.flatMap((_, index) => (results.has(index) ? [] : [index]));
}

const POSTPONED_MS_MAX = 60_000;

/** Longer each time in a row, and never for all dispatchers at once. */
function delayMs({ random }: DispatchServices, postponements: number, retryAfterMs: number): number {
  const longest = Math.min(POSTPONED_MS_MAX, Math.max(1000, retryAfterMs) * 2 ** Math.min(6, postponements));
  return longest / 2 + (longest / 2) * random.next();
}

export async function areDone(
  store: DispatchServices['store'],
  batch: Pick<Batch, 'id'>,
  chunks: { readonly first: number; readonly last: number },
): Promise<boolean> {
  return (await store.countDone(batch.id, chunks)) > chunks.last - chunks.first;
}

/** Counting is paid for by chunk: only who ends the last one of its neighbours counts them all. */
const NEIGHBOURS = 32;

/** Asks for the batch to be put together, if all its chunks are done. */
async function finishIfLast(services: DispatchServices, batch: Batch, index: number): Promise<void> {
  const { store } = services;
  const all = { first: 0, last: batch.chunks - 1 };
  const first = index - (index % NEIGHBOURS);
  const near = { first, last: Math.min(all.last, first + NEIGHBOURS - 1) };
  if (!(await areDone(store, batch, near))) return;
  const isAll = near.first === all.first && near.last === all.last;
  if (isAll || (await areDone(store, batch, all)))
    await ask(services, { kind: 'finish', tenant: batch.tenant, batch: batch.id });
}
