import { type Batch, closed, finalizing, hasEnded, stopReason, type Tally } from '#core/batch/batch.ts';
import { type Chunk, sumOf } from '#core/batch/chunk.ts';
import { keptResults } from '#core/batch/result-line.ts';
import type { StoredFile } from '#core/batch/stored-file.ts';
import { invariant } from '#core/units/invariant.ts';
import type { ObjectWriter } from '../ports/object-store.ts';
import { changeBatch, type DispatchServices, fileKey, retentionMs } from './batch-services.ts';
import { done, later, type StepConditions, type StepEnd } from './batch-step.ts';
import { leaveFile, loadPlan, readText } from './read-batch-file.ts';
import { areDone, runChunk } from './run-chunk.ts';

/** How soon chunks are looked for again that somebody still holds. */
const HELD_MS = 2_000;
/** Chunks that are stopped at a time: each is a handful of writes that wait for each other. */
const CHUNKS_AT_ONCE = 16;
/** Parts that are read ahead of where they are written. */
const PARTS_AHEAD = 8;

/**
 * Puts what came of a batch's lines together, in the order of the file. Where the batch was cancelled, or its window is
 * over, lines that nobody has begun get results that say so. @throws HouseError
 */
export async function finishBatch(
  services: DispatchServices,
  name: { readonly tenant: string; readonly batch: string },
  conditions: StepConditions,
): Promise<StepEnd> {
  const { store, clock } = services;
  const batch = await store.loadBatch(name.tenant, name.batch);
  if (batch === undefined || hasEnded(batch)) return done;
  if (batch.chunks === 0) return close(services, batch, { tally: sumOf([]) });
  if (!(await areAllDone(services, batch))) {
    if (stopReason(batch, clock.now()) === undefined) return done;
    await stopRest(services, batch, conditions);
    if (!(await areAllDone(services, batch))) return later(HELD_MS);
  }
  const standing = await changeBatch(store, batch, (each) => finalizing(each, clock.now()));
  if (standing === undefined || hasEnded(standing)) return done;
  return putTogether(services, standing);
}

function areAllDone({ store }: DispatchServices, batch: Batch): Promise<boolean> {
  return areDone(store, batch, { first: 0, last: batch.chunks - 1 });
}

/** Every chunk that nobody holds: nothing of it is called any more. */
async function stopRest(services: DispatchServices, batch: Batch, conditions: StepConditions): Promise<void> {
  const plan = await loadPlan(services.objects, batch.id);
  const chunks = new Map((await services.store.loadChunks(batch.id)).map((chunk) => [chunk.index, chunk]));
  const open = [...plan.entries()].filter(([chunk]) => chunks.get(chunk)?.part === undefined);
  const work = async (): Promise<void> => {
    for (let next = open.shift(); next !== undefined; next = open.shift()) {
      const [chunk, range] = next;
      const order = { kind: 'call', tenant: batch.tenant, batch: batch.id, chunk, ...range } as const;
      await runChunk(services, order, { ...conditions, isOneOfMany: true });
    }
  };
  await Promise.all(Array.from({ length: CHUNKS_AT_ONCE }, work));
}

async function putTogether(services: DispatchServices, batch: Batch): Promise<StepEnd> {
  const chunks = await services.store.loadChunks(batch.id);
  const output = new LineFile(services, batch, 'output');
  const errors = new LineFile(services, batch, 'errors');
  let lines = 0;
  for (let start = 0; start < chunks.length; start += PARTS_AHEAD) {
    const parts = await Promise.all(
      chunks.slice(start, start + PARTS_AHEAD).map((each) => readPart(services, each)),
    );
    for (const result of parts.flat()) {
      lines += 1;
      await (result.completed ? output : errors).add(result.json);
    }
  }
  invariant(lines === batch.lines, 'every line has exactly one result');
  const made = { tally: sumOf(chunks), outputFile: await output.finish(), errorFile: await errors.finish() };
  return close(services, batch, made);
}

async function readPart({ objects }: DispatchServices, { part }: Chunk) {
  const text = part === undefined ? undefined : await readText(objects, part);
  invariant(text !== undefined, 'a chunk that is done has its results');
  return keptResults(text);
}

async function close(
  services: DispatchServices,
  batch: Batch,
  made: { readonly tally: Tally } & Pick<Batch, 'outputFile' | 'errorFile'>,
): Promise<StepEnd> {
  const { store, clock } = services;
  await changeBatch(store, batch, (standing) => closed(standing, made, clock.now()));
  await leaveFile(services, batch);
  return done;
}

/** One of the two files that a batch makes. There is none of it where no line belongs there. */
class LineFile {
  readonly #services: DispatchServices;
  readonly #batch: Batch;
  readonly #kind: 'output' | 'errors';
  readonly #id: string;
  #writer: ObjectWriter | undefined;
  #bytes = 0;

  constructor(services: DispatchServices, batch: Batch, kind: 'output' | 'errors') {
    this.#services = services;
    this.#batch = batch;
    this.#kind = kind;
    // The same for whoever does this again: then it replaces the same file by the same lines.
    this.#id = `${batch.id.replace(/^batch_/, 'file-')}${kind === 'output' ? 'o' : 'e'}`;
  }

  async add(json: string): Promise<void> {
    this.#writer ??= this.#services.objects.openWriter(fileKey(this.#batch.tenant, this.#id));
    const bytes = new TextEncoder().encode(`${json}\n`);
    this.#bytes += bytes.length;
    await this.#writer.write(bytes);
  }

  /** Its id, if there is one. @throws HouseError */
  async finish(): Promise<string | undefined> {
    const { store, clock } = this.#services;
    if (this.#writer === undefined) return undefined;
    await this.#writer.finish();
    const at = clock.now();
    const file: StoredFile = {
      tenant: this.#batch.tenant,
      id: this.#id,
      revision: 1,
      purpose: 'batch_output',
      filename: `${this.#batch.id}_${this.#kind}.jsonl`,
      bytes: this.#bytes,
      createdAt: at,
      expiresAt: at + retentionMs(this.#services),
      residency: this.#batch.residency,
      key: fileKey(this.#batch.tenant, this.#id),
      readers: [],
    };
    // Where it stands already, somebody did this before.
    await store.saveFile(file);
    return this.#id;
  }
}
