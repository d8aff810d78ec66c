/** The bulk lane of one gateway region in memory and virtual time, with dispatchers that die at any step. */
import { createMemoryBatchStore } from '#adapters/memory/memory-batch-store.ts';
import { createMemoryObjectStore } from '#adapters/memory/memory-object-store.ts';
import { createMemoryWorkQueue } from '#adapters/memory/memory-work-queue.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import type { Batch } from '#core/batch/batch.ts';
import type { StoredFile } from '#core/batch/stored-file.ts';
import { houseError } from '#core/errors/catalogue.ts';
import { createSeededRandom } from '#core/units/random.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import type { BatchDesk, DispatchServices } from '#usecases/batch/batch-services.ts';
import { createBatch } from '#usecases/batch/create-batch.ts';
import { dispatchQueues } from '#usecases/batch/dispatch.ts';
import { runDispatchLoop } from '#usecases/batch/dispatch-loop.ts';
import type { GatewayAnswer } from '#usecases/gateway/gateway-answer.ts';
import type { GatewayRequest } from '#usecases/gateway/gateway-request.ts';
import type { BatchMetrics, ChunkRecord } from '#usecases/ports/batch-metrics.ts';
import type { Tenant } from '#usecases/ports/tenant-directory.ts';

export const regionStart = Date.UTC(2026, 10, 21, 8);

export const batchTenant: Tenant = { name: 'demo', residencies: ['us', 'eu'], models: ['*'] };

export interface SeenCall {
  readonly request: GatewayRequest;
  readonly body: { readonly model: string; readonly messages: readonly { readonly content: string }[] };
}

/** What the gateway answers to the nth call of a line. @default 200 after 50 ms */
export type GatewayScript = (call: SeenCall, nth: number) => Partial<{ status: number; afterMs: number }>;

export interface RegionOptions {
  readonly config?: SpillwayConfig;
  readonly script?: GatewayScript;
  readonly linesInFlight?: number;
  readonly seed?: number;
}

/** What a port does beside its work. `cutAt`: the step at which the dispatcher dies. */
export interface Trouble {
  readonly cutAt?: number;
  /** Shares of calls of ports that fail before, or after, they were done. */
  readonly failsBefore?: number;
  readonly failsAfter?: number;
  /** Of messages that are sent twice. */
  readonly sendsTwice?: number;
}

export function aBatchRegion(options: RegionOptions = {}) {
  const { config = acmeConfig(), linesInFlight = 4, seed = 1 } = options;
  const script: GatewayScript = options.script ?? (() => ({}));
  const clock = createVirtualClock(regionStart);
  const random = createSeededRandom(seed);
  const lines: { readonly event: string; readonly facts: unknown }[] = [];
  const told: (Parameters<BatchMetrics['accepted']>[0] | ChunkRecord)[] = [];
  const calls: SeenCall[] = [];
  const timesOf = new Map<string, number>();
  let ids = 0;
  const desk: BatchDesk = {
    config,
    clock,
    ids: { next: () => `id-${String(++ids).padStart(8, '0')}` },
    digest: cryptoDigest,
    metrics: { accepted: (record) => void told.push(record), chunkLeft: (record) => void told.push(record) },
    log: { write: (_level, event, facts) => void lines.push({ event, facts }) },
    store: createMemoryBatchStore(),
    objects: createMemoryObjectStore(),
    queue: createMemoryWorkQueue(clock),
  };
  const answer = async (request: GatewayRequest): Promise<GatewayAnswer> => {
    const call = { request, body: await bodyOf(request) };
    const name = call.body.messages[0]?.content ?? '';
    const nth = (timesOf.get(name) ?? 0) + 1;
    calls.push(call);
    timesOf.set(name, nth);
    const { status = 200, afterMs = 50 } = script(call, nth);
    await clock.sleep(afterMs);
    const headers = new Map([['x-spillway-request-id', `request-${calls.length}`]]);
    return { status, headers, body: JSON.stringify({ answerTo: name }) };
  };
  const services: DispatchServices = {
    ...desk,
    gateway: { answer },
    random,
    pace: { linesInFlight, leaseMs: 6_000, lookMs: 1_000 },
  };
  return {
    clock,
    desk,
    services,
    calls,
    timesOf,
    lines,
    /** What metrics were told. */
    told,
    /** Stores the lines as a file and makes a batch of it. */
    start: (text: string, changes: Partial<{ residency: string; tenant: Tenant }> = {}) =>
      start(desk, text, changes),
    dispatch: (trouble: Trouble = {}) => startDispatcher(services, random, trouble),
    end: (batch: Batch, msMax?: number) => untilEnded(services, batch, msMax),
    output: (batch: Batch) => filesOf(desk, batch),
  };
}

async function bodyOf(request: GatewayRequest): Promise<SeenCall['body']> {
  const parts: Uint8Array[] = [];
  for await (const part of request.body ?? []) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString()) as SeenCall['body'];
}

export function chatLine(name: string, body: object = {}): string {
  const messages = [{ role: 'user', content: name }];
  return JSON.stringify({
    custom_id: name,
    method: 'POST',
    url: '/v1/chat/completions',
    body: { model: 'chat-small', messages, ...body },
  });
}

export const chatLinesNamed = (count: number): string =>
  Array.from({ length: count }, (_, index) => chatLine(`line-${index}`)).join('\n');

async function start(
  desk: BatchDesk,
  text: string,
  { residency = 'us', tenant = batchTenant }: Partial<{ residency: string; tenant: Tenant }>,
): Promise<Batch> {
  const at = desk.clock.now();
  const id = `file-${desk.ids.next()}`;
  const key = `files/${tenant.name}/${id}`;
  await desk.objects.put(key, new TextEncoder().encode(text));
  const file: StoredFile = {
    ...{ tenant: tenant.name, id, revision: 1, filename: 'in.jsonl', residency, key },
    ...{ bytes: text.length, createdAt: at, expiresAt: at + 30 * 86_400_000, readers: [] },
    purpose: 'batch',
  };
  await desk.store.saveFile(file);
  const request = {
    input_file_id: id,
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
  } as const;
  const made = await createBatch(desk, { tenant, file, request, at });
  if (!made.ok) throw new Error(made.refusal.message);
  return made.value;
}

/** All queues, until it dies by its trouble or is stopped. */
function startDispatcher(services: DispatchServices, random: { next(): number }, trouble: Trouble) {
  const death = Promise.withResolvers<void>();
  const stop = new AbortController();
  const troubled = troubledServices(services, { random, trouble, onDeath: death.resolve });
  const loops = dispatchQueues(services).map((queue) =>
    runDispatchLoop(troubled, { queue, messagesMax: 2, hiddenSeconds: 10, stop: stop.signal }),
  );
  return {
    /** Resolves when it has died. */
    died: death.promise,
    stop: async () => {
      stop.abort();
      await Promise.race([Promise.all(loops), death.promise]);
    },
  };
}

interface Dying {
  readonly random: { next(): number };
  readonly trouble: Trouble;
  readonly onDeath: () => void;
}

/** Every port of a process that dies in the middle of a call: nothing that it asked for comes back any more. */
function troubledServices(services: DispatchServices, dying: Dying): DispatchServices {
  const { random, trouble } = dying;
  let steps = 0;
  let dead = false;
  const never = new Promise<never>(() => undefined);
  const through = async (run: () => Promise<unknown>): Promise<unknown> => {
    if (dead) return never;
    steps += 1;
    const dies = steps === trouble.cutAt;
    const chance = random.next();
    if (dies && chance < 0.5) return die();
    if (chance < (trouble.failsBefore ?? 0)) throw trouble503();
    const value = await run();
    if (dies) return die();
    if (dead) return never;
    if (random.next() < (trouble.failsAfter ?? 0)) throw trouble503();
    return value;
  };
  const die = (): Promise<never> => {
    dead = true;
    dying.onDeath();
    return never;
  };
  const wrap = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        const bound = member.bind(target) as (...given: unknown[]) => unknown;
        if (name === 'openWriter') return (...given: unknown[]) => wrap(bound(...given) as object);
        if (name === 'send' && random.next() < (trouble.sendsTwice ?? 0))
          return (...given: unknown[]) => through(async () => [await bound(...given), await bound(...given)]);
        return (...given: unknown[]) => through(async () => bound(...given));
      },
    });
  return {
    ...services,
    store: wrap(services.store),
    objects: wrap(services.objects),
    queue: wrap(services.queue),
    // A call goes on at its target, whoever dies here.
    gateway: { answer: (request) => through(() => services.gateway.answer(request)) as never },
  };
}

const trouble503 = () =>
  houseError('upstream_unavailable', { message: 'trouble', facts: { operation: 'any' } });

const POLL_MS = 500;

async function untilEnded(services: DispatchServices, batch: Batch, msMax = 48 * 3_600_000): Promise<Batch> {
  const end = services.clock.now() + msMax;
  for (;;) {
    const standing = await services.store.loadBatch(batch.tenant, batch.id);
    if (standing === undefined) throw new Error('the batch is gone');
    if (standing.tally !== undefined || standing.state === 'failed') return standing;
    if (services.clock.now() > end) throw new Error(`it is still ${standing.state}`);
    await services.clock.sleep(POLL_MS);
  }
}

interface ShownLine {
  readonly custom_id: string;
  readonly response: { readonly status_code: number; readonly body: unknown } | null;
  readonly error: { readonly code: string } | null;
}

async function filesOf(desk: BatchDesk, batch: Batch) {
  const read = async (id: string | undefined): Promise<readonly ShownLine[]> => {
    const file = id === undefined ? undefined : await desk.store.loadFile(batch.tenant, id);
    if (file === undefined) return [];
    const parts: Uint8Array[] = [];
    for await (const part of (await desk.objects.read(file.key)) ?? []) parts.push(part);
    const text = Buffer.concat(parts).toString();
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as ShownLine);
  };
  return { output: await read(batch.outputFile), errors: await read(batch.errorFile) };
}
