import { type BatchMessage, batchMessageSchema } from '#contract/batch-messages.ts';
import { batchQueueName, bulkQueueName } from '#contract/resources.ts';
import { isHouseError } from '#core/errors/house-error.ts';
import type { WorkMessage } from '../ports/work-queue.ts';
import type { DispatchServices } from './batch-services.ts';
import { done, type StepConditions, type StepEnd } from './batch-step.ts';
import { breakOff } from './break-off.ts';
import { finishBatch } from './finish-batch.ts';
import { readBatchFile } from './read-batch-file.ts';
import { runChunk } from './run-chunk.ts';

/** Whoever receives messages hides them for so long, and says that they are under way meanwhile. */
export const HIDDEN_SECONDS = 60;
/** A message that came so often is done without what it could not be done with. */
export const RECEIPTS_MAX = 12;

export interface DispatchOptions {
  readonly queue: string;
  readonly hiddenSeconds: number;
  readonly signal: AbortSignal;
  readonly mustEnd: () => boolean;
}

/** Every queue of one gateway region. */
export function dispatchQueues({ config }: Pick<DispatchServices, 'config'>): readonly string[] {
  const { name, models } = config;
  return [batchQueueName(name), ...Object.keys(models).map((model) => bulkQueueName(name, model))];
}

/**
 * Does what a message asks for, and removes it then. False where it could not be done: it comes again by itself. Never
 * rejects.
 */
export async function dispatch(
  services: DispatchServices,
  message: WorkMessage,
  options: DispatchOptions,
): Promise<boolean> {
  const { queue, log } = services;
  const { hiddenSeconds } = options;
  try {
    const end = await hiddenWhile(services, { message, ...options }, () => act(services, message, options));
    // First the next one, then this one goes: a crash between them makes two, which is one too many and never none.
    if (end.kind === 'later') {
      const { tenant: owner } = batchMessageSchema.parse(JSON.parse(message.body));
      await queue.send(options.queue, [message.body], { delaySeconds: end.delaySeconds, owner });
    }
    await queue.remove(options.queue, message);
    return true;
  } catch (error) {
    log.write('error', 'dispatch-failed', { queue: options.queue, ...factsOf(error, message) });
    const waitSeconds = Math.min(hiddenSeconds, 2 ** Math.min(8, message.receipts));
    await queue.hide(options.queue, message, waitSeconds).catch(() => undefined);
    return false;
  }
}

async function act(
  services: DispatchServices,
  message: WorkMessage,
  options: DispatchOptions,
): Promise<StepEnd> {
  const order = batchMessageSchema.parse(JSON.parse(message.body));
  const conditions: StepConditions = {
    signal: options.signal,
    mustEnd: options.mustEnd,
    givesUp: message.receipts >= RECEIPTS_MAX,
  };
  return step(services, order, conditions);
}

async function step(
  services: DispatchServices,
  order: BatchMessage,
  conditions: StepConditions,
): Promise<StepEnd> {
  switch (order.kind) {
    case 'read':
      return orBrokenOff(services, { order, ...conditions }, async () => {
        await readBatchFile(services, order);
        return done;
      });
    case 'call':
      return runChunk(services, order, conditions);
    case 'finish':
      // What a chunk gives up is not asked here: lines that nobody has begun get results that say why.
      return orBrokenOff(services, { order, ...conditions }, () =>
        finishBatch(services, order, { ...conditions, givesUp: false }),
      );
  }
}

/**
 * A batch that cannot be read or put together, however often that is tried, ends in `failed`. Stores that are away are
 * no reason: they come back.
 */
async function orBrokenOff(
  services: DispatchServices,
  { order, givesUp }: { readonly order: Exclude<BatchMessage, { kind: 'call' }> } & StepConditions,
  work: () => Promise<StepEnd>,
): Promise<StepEnd> {
  try {
    return await work();
  } catch (error) {
    if (givesUp !== true || isHouseError(error)) throw error;
    await breakOff(services, order, error);
    return done;
  }
}

/** Nobody else sees the message while somebody works on it. */
async function hiddenWhile<Value>(
  { queue, clock }: DispatchServices,
  held: DispatchOptions & { readonly message: WorkMessage },
  work: () => Promise<Value>,
): Promise<Value> {
  const { message, hiddenSeconds } = held;
  const everyMs = (hiddenSeconds * 1000) / 3;
  let cancel = (): void => undefined;
  const hideOn = (): void => {
    cancel = clock.after(everyMs, () => {
      // One that fails leaves time for two more.
      queue.hide(held.queue, message, hiddenSeconds).catch(() => undefined);
      hideOn();
    });
  };
  hideOn();
  try {
    return await work();
  } finally {
    cancel();
  }
}

/** Never the message's own words: what they quote may be a caller's. */
function factsOf(error: unknown, { receipts }: WorkMessage) {
  const name = error instanceof Error ? error.name : 'unknown';
  return { receipts, error: isHouseError(error) ? error.code : name };
}
