import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { type Engine, firstTokenMs, serviceMs, tokenIntervalMs } from '#serving-model/engine.ts';
import { emptySlotQueue, enter, leave, resize, type SlotQueue } from '#serving-model/slot-queue.ts';
import type { Answer } from './answer.ts';

/** Some tokens of one block, as one event of a stream carries them. */
export interface Chunk {
  readonly blockIndex: number;
  readonly text: string;
}

/** One request at one target. */
export interface Service {
  /** Requests with the same key share the slots. */
  readonly key: string;
  readonly slots: number;
  /** Among which the requests are spread: each has a batch of its own. @default 1 */
  readonly copies?: number | undefined;
  readonly inputTokens: number;
  readonly answer: Answer;
  /** What it runs on. @default - the engine of the machine */
  readonly engine?: Engine | undefined;
  /** Generation stops when the caller goes away. */
  readonly signal: AbortSignal;
}

/** The copy that worked on a request is gone, and what it had not said yet with it. */
export class CopyLost extends Error {
  constructor() {
    super('The copy that was answering is gone.');
    this.name = 'CopyLost';
  }
}

/** Tokens in an event: one at first, so that the first token is not held back, then what a network would join. */
const CHUNK_TOKENS = [1, 2, 3, 2, 4];
/** A timer is not more exact than this; shorter waits are made up by the next one. */
const TIMER_MS = 1;

/** Gives answers in the time that the engine model says, scaled, and makes those wait who find no slot. */
export class Serving {
  readonly #engine: Engine;
  #timeScale: number;
  readonly #queues = new Map<string, SlotQueue>();
  readonly #waiting = new Map<string, () => void>();
  /** Of each request in flight, that in line too: its key, by what ends it when its copy is lost. */
  readonly #lives = new Map<AbortController, string>();
  #last = 0;

  constructor(options: { readonly engine: Engine; readonly timeScale: number }) {
    this.#engine = options.engine;
    this.#timeScale = options.timeScale;
  }

  /** Milliseconds, scaled, until a copy that was just ordered serves. */
  get coldStartMs(): number {
    return this.#engine.coldStartMs * this.#timeScale;
  }

  /** Requests in flight, those in line counted, behind all keys that fit. */
  inFlight(fits: (key: string) => boolean): number {
    let count = 0;
    for (const [key, { running, waiting }] of this.#queues)
      if (fits(key)) count += running.size + waiting.length;
    return count;
  }

  /** What the copies behind all keys that fit have in flight ends in a `CopyLost`, that in line too. Answers how much. */
  loseCopies(fits: (key: string) => boolean): number {
    const lost = [...this.#lives].filter(([, key]) => fits(key));
    for (const [life] of lost) life.abort();
    return lost.length;
  }

  /** From now on time stands still: no answer waits for its next token. */
  close(): void {
    this.#timeScale = 0;
  }

  /**
   * Resolves when the whole answer is out, or as soon as the caller went away: then nobody reads it.
   *
   * @throws CopyLost
   */
  complete(asked: Service): Promise<void> {
    return this.#living(asked, async (service) => {
      const id = await this.#enter(service);
      if (id === undefined) return;
      try {
        const { inputTokens, answer } = service;
        const running = this.#inOneBatch(service);
        const { outputTokens } = answer;
        const duration = serviceMs(service.engine ?? this.#engine, { inputTokens, outputTokens, running });
        await this.#wait(duration * this.#timeScale, service.signal);
      } finally {
        this.#leave(service.key, id);
      }
    });
  }

  /**
   * The tokens of the answer as they come; it ends early, without an error, when the caller goes away.
   *
   * @throws CopyLost
   */
  async *stream(asked: Service): AsyncGenerator<Chunk, void, undefined> {
    const life = this.#begin(asked);
    try {
      yield* this.#chunks({ ...asked, signal: AbortSignal.any([asked.signal, life.signal]) });
      if (life.signal.aborted) throw new CopyLost();
    } finally {
      this.#lives.delete(life);
    }
  }

  async #living(asked: Service, work: (service: Service) => Promise<void>): Promise<void> {
    const life = this.#begin(asked);
    try {
      await work({ ...asked, signal: AbortSignal.any([asked.signal, life.signal]) });
      if (life.signal.aborted) throw new CopyLost();
    } finally {
      this.#lives.delete(life);
    }
  }

  #begin({ key }: Service): AbortController {
    const life = new AbortController();
    this.#lives.set(life, key);
    return life;
  }

  async *#chunks(service: Service): AsyncGenerator<Chunk, void, undefined> {
    const id = await this.#enter(service);
    if (id === undefined) return;
    try {
      const startedMs = performance.now();
      let dueMs = startedMs + firstTokenMs(this.#engine, service.inputTokens) * this.#timeScale;
      let events = 0;
      for (const [blockIndex, block] of service.answer.blocks.entries()) {
        for (let at = 0; at < block.tokens.length; events += 1) {
          const size = CHUNK_TOKENS[events % CHUNK_TOKENS.length] ?? 1;
          const tokens = block.tokens.slice(at, at + size);
          at += tokens.length;
          await this.#wait(dueMs - performance.now(), service.signal);
          if (service.signal.aborted) return;
          yield { blockIndex, text: tokens.join('') };
          const interval = tokenIntervalMs(this.#engine, this.#inOneBatch(service));
          dueMs += tokens.length * interval * this.#timeScale;
        }
      }
    } finally {
      this.#leave(service.key, id);
    }
  }

  /** The id of the slot that was taken, or undefined when the caller went away before. */
  async #enter(service: Service): Promise<string | undefined> {
    const { key, slots, signal } = service;
    if (signal.aborted) return undefined;
    this.#last += 1;
    const id = String(this.#last);
    const queue = this.#queues.get(key) ?? emptySlotQueue(slots);
    const resized = resize(queue, slots);
    const entered = enter(resized.queue, id);
    this.#queues.set(key, entered.queue);
    this.#start(resized.started);
    const served = entered.started.includes(id) || (await this.#turn(key, id, signal));
    return served ? id : undefined;
  }

  /** Waits in line; false when the caller gave up and left the line. */
  #turn(key: string, id: string, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const giveUp = () => {
        this.#waiting.delete(id);
        this.#leave(key, id);
        resolve(false);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.set(id, () => {
        signal.removeEventListener('abort', giveUp);
        resolve(true);
      });
    });
  }

  #leave(key: string, id: string): void {
    const queue = this.#queues.get(key);
    if (!queue) return;
    const step = leave(queue, id);
    if (step.queue.running.size === 0 && step.queue.waiting.length === 0) this.#queues.delete(key);
    else this.#queues.set(key, step.queue);
    this.#start(step.started);
  }

  #start(ids: readonly string[]): void {
    for (const id of ids) {
      this.#waiting.get(id)?.();
      this.#waiting.delete(id);
    }
  }

  #inOneBatch({ key, copies = 1 }: Service): number {
    return Math.ceil((this.#queues.get(key)?.running.size ?? 1) / copies);
  }

  async #wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (milliseconds < TIMER_MS) await nextTurn();
    else await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
  }
}
