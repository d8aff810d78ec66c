import type { CallOrder } from '#contract/batch-messages.ts';
import { linePlanSchema } from '#contract/batch-messages.ts';
import { bulkQueueName } from '#contract/resources.ts';
import { accepted, type Batch, hasEnded, isOver, refusedFor } from '#core/batch/batch.ts';
import { type BatchLine, readBatchLine } from '#core/batch/batch-line.ts';
import { type FileLine, LineReader } from '#core/batch/jsonl-lines.ts';
import { type LineProblem, ProblemList } from '#core/batch/line-problems.ts';
import { ChunkPlan, type LineRange } from '#core/batch/plan-chunks.ts';
import { callAt } from '../gateway/endpoints.ts';
import { ingress } from '../gateway/ingress.ts';
import { BODY_BYTES_MAX } from '../gateway/read-body.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { type BatchDesk, changeBatch, changeReaders, planKey } from './batch-services.ts';
import { ask } from './create-batch.ts';
import { requestOfLine, tenantOf } from './line-request.ts';

/** OpenAI's own bound. */
export const LINES_MAX = 50_000;

/**
 * Reads the file of a batch from end to end, and either refuses it with what is wrong with its lines or asks for each
 * chunk of it to be called. @throws HouseError: then it has to be read again
 */
export async function readBatchFile(
  desk: BatchDesk,
  name: { readonly tenant: string; readonly batch: string },
): Promise<void> {
  const { store, clock } = desk;
  const batch = await store.loadBatch(name.tenant, name.batch);
  const finish = { kind: 'finish', tenant: name.tenant, batch: name.batch } as const;
  if (batch === undefined || hasEnded(batch)) return;
  if (batch.state === 'cancelling' || isOver(batch, clock.now())) return ask(desk, finish);
  // Who read it before may have died with half of its messages sent.
  if (batch.state !== 'validating') return sendCalls(desk, batch, await loadPlan(desk.objects, batch.id));
  const found = await readLines(desk, batch);
  if (!found.ok) {
    await changeBatch(store, batch, (standing) => refusedFor(standing, found.problems, clock.now()));
    await leaveFile(desk, batch);
    return;
  }
  const { model, lines, ranges } = found;
  await desk.objects.put(planKey(batch.id), new TextEncoder().encode(JSON.stringify(ranges)));
  const accept = (standing: Batch) =>
    accepted(standing, { model, lines, chunks: ranges.length }, clock.now());
  const standing = await changeBatch(store, batch, accept);
  if (standing?.state === 'in_progress') {
    desk.metrics.accepted({ at: clock.now(), model, lines });
    return sendCalls(desk, standing, ranges);
  }
  // Cancelled while it was read.
  await ask(desk, finish);
}

/** The batch reads its file no more. */
export async function leaveFile(desk: Pick<BatchDesk, 'store'>, batch: Batch): Promise<void> {
  const file = { tenant: batch.tenant, id: batch.inputFile };
  await changeReaders(desk.store, file, (readers) => readers.filter((id) => id !== batch.id));
}

/** Where the lines of each chunk stand. @throws HouseError, and where there is no plan */
export async function loadPlan(objects: ObjectStore, batch: string): Promise<readonly LineRange[]> {
  const text = await readText(objects, planKey(batch));
  return linePlanSchema.parse(JSON.parse(text ?? 'null'));
}

/** Undefined where nothing stands. @throws HouseError */
export async function readText(objects: ObjectStore, key: string): Promise<string | undefined> {
  const body = await objects.read(key);
  if (body === undefined) return undefined;
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of body) text += decoder.decode(bytes, { stream: true });
  return text + decoder.decode();
}

async function sendCalls(desk: BatchDesk, batch: Batch, ranges: readonly LineRange[]): Promise<void> {
  const done = new Set(
    (await desk.store.loadChunks(batch.id))
      .filter(({ part }) => part !== undefined)
      .map(({ index }) => index),
  );
  const orders = ranges.flatMap((range, chunk): CallOrder[] =>
    done.has(chunk) ? [] : [{ kind: 'call', tenant: batch.tenant, batch: batch.id, chunk, ...range }],
  );
  const bodies = orders.map((order) => JSON.stringify(order));
  await desk.queue.send(bulkQueueName(desk.config.name, batch.model ?? ''), bodies, { owner: batch.tenant });
}

type ReadFile =
  | {
      readonly ok: true;
      readonly model: string;
      readonly lines: number;
      readonly ranges: readonly LineRange[];
    }
  | { readonly ok: false; readonly problems: readonly LineProblem[] };

async function readLines(desk: BatchDesk, batch: Batch): Promise<ReadFile> {
  const body = await desk.objects.read(batch.inputKey);
  const check = new FileCheck(desk, batch);
  if (body === undefined) return refusedWith('file_not_found', 'The file is gone.');
  const reader = new LineReader(BODY_BYTES_MAX + 1);
  for await (const bytes of body) {
    for (const line of reader.push(bytes)) await check.take(line);
    if (check.lines > LINES_MAX) return tooManyLines;
  }
  const last = reader.end();
  if (last !== undefined) await check.take(last);
  if (check.lines > LINES_MAX) return tooManyLines;
  return check.lines === 0 ? refusedWith('empty_file', 'The file has no lines.') : check.end();
}

function refusedWith(code: string, message: string): ReadFile {
  return { ok: false, problems: [{ code, message }] };
}

const tooManyLines = refusedWith('too_many_lines', `A file must not have more than ${LINES_MAX} lines.`);

/** What was found in a file so far. */
class FileCheck {
  readonly #desk: BatchDesk;
  readonly #batch: Batch;
  readonly #problems = new ProblemList();
  readonly #plan = new ChunkPlan();
  readonly #lineOfId = new Map<string, number>();
  #model: string | undefined;
  lines = 0;

  constructor(desk: BatchDesk, batch: Batch) {
    this.#desk = desk;
    this.#batch = batch;
  }

  async take(line: FileLine): Promise<void> {
    this.lines += 1;
    if (this.lines > LINES_MAX) return;
    this.#plan.add(line);
    if (line.length > BODY_BYTES_MAX) {
      const message = `A line must not be longer than ${BODY_BYTES_MAX} bytes.`;
      this.#problems.add({ code: 'line_too_long', message, line: line.number });
      return;
    }
    const read = readBatchLine(line.bytes, line.number, this.#batch.endpoint);
    this.#takeId(read.ok ? read.line.customId : read.customId, line.number);
    if (read.ok) await this.#takeCall(read.line, line.number);
    else for (const problem of read.problems) this.#problems.add(problem);
  }

  end(): ReadFile {
    if (!this.#problems.isEmpty) return { ok: false, problems: this.#problems.list() };
    return { ok: true, model: this.#model ?? '', lines: this.lines, ranges: this.#plan.ranges };
  }

  #takeId(customId: string | undefined, line: number): void {
    if (customId === undefined) return;
    const first = this.#lineOfId.get(customId);
    if (first === undefined) {
      this.#lineOfId.set(customId, line);
      return;
    }
    const message = `The custom_id stands in line ${first} already; each must be unique.`;
    this.#problems.add({ code: 'duplicate_custom_id', message, line, param: 'custom_id' });
  }

  /** As the call itself would be taken in, so that nothing is found only after hours in a queue. */
  async #takeCall(read: BatchLine, line: number): Promise<void> {
    this.#model ??= read.model;
    if (read.model !== this.#model) {
      const message = `All lines must name the same model; the first one names "${this.#model.slice(0, 64)}".`;
      this.#problems.add({ code: 'mismatched_model', message, line, param: 'body.model' });
      return;
    }
    const { config } = this.#desk;
    const batch = this.#batch;
    const call = callAt(batch.endpoint);
    if (call === undefined) return;
    const tenant = tenantOf(config, batch);
    const request = requestOfLine(batch, read, { tenant, signal: neverAborted });
    const entered = await ingress(config, { request, tenant, dialect: call.dialect, path: call.path });
    if (entered.ok) return;
    const { code, message, param } = entered.refusal;
    this.#problems.add({ code, message, line, param: param === undefined ? 'body' : `body.${param}` });
  }
}

const neverAborted = new AbortController().signal;
