import { type Message, readReceiptHandle, type SentMessage } from './message.ts';
import type { QueueSettings } from './queue-settings.ts';

/** One receive: how many, and for how long they are hidden from others. */
export interface Receipt {
  readonly countMax: number;
  readonly visibilityMs: number;
  readonly nowMs: number;
  /** What has been received that often is given up. Without a place for it, nothing is. */
  readonly receivesMax: number;
}

/** What a receive took, and what was given up on the way because it had been received too often. */
export interface Taken {
  readonly messages: readonly Message[];
  readonly dead: readonly Message[];
}

export interface QueueCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/**
 * One standard queue. Time is an argument: a message that is due becomes visible at the next look.
 *
 * Invariant: a message is in exactly one of `#visible` (oldest first) and `#hidden`, until it is deleted, expires or is
 * given up.
 */
export class Queue {
  readonly arn: string;
  readonly createdAtMs: number;
  modifiedAtMs: number;
  settings: QueueSettings;
  tags: Readonly<Record<string, string>> = {};
  readonly #visible = new Map<string, Message>();
  readonly #hidden = new Map<string, Message>();
  readonly #waiters = new Set<() => void>();

  constructor(arn: string, settings: QueueSettings, nowMs: number) {
    this.arn = arn;
    this.settings = settings;
    this.createdAtMs = nowMs;
    this.modifiedAtMs = nowMs;
  }

  send(sent: SentMessage, delayMs: number): void {
    this.#place(
      {
        ...sent,
        receiveCount: 0,
        firstReceivedAtMs: undefined,
        visibleAtMs: sent.sentAtMs + delayMs,
        deadLetterSourceArn: undefined,
      },
      sent.sentAtMs,
    );
  }

  /** Takes in what another queue gave up, with its age and its count. */
  bury(message: Message, sourceArn: string, nowMs: number): void {
    this.#place({ ...message, visibleAtMs: nowMs, deadLetterSourceArn: sourceArn }, nowMs);
  }

  receive({ countMax, visibilityMs, nowMs, receivesMax }: Receipt): Taken {
    this.#surface(nowMs);
    const messages: Message[] = [];
    const dead: Message[] = [];
    while (messages.length < countMax) {
      const message = this.#next();
      if (message === undefined) break;
      this.#visible.delete(message.id);
      if (this.#isExpired(message, nowMs)) continue;
      if (message.receiveCount >= receivesMax) {
        dead.push(message);
        continue;
      }
      message.receiveCount += 1;
      message.firstReceivedAtMs ??= nowMs;
      message.visibleAtMs = nowMs + visibilityMs;
      this.#hidden.set(message.id, message);
      messages.push(message);
    }
    return { messages, dead };
  }

  /** Deletes by the handle of the latest receive. An older handle is taken and deletes nothing, as in AWS. */
  delete(handle: string): 'deleted' | 'bad-handle' {
    const receipt = readReceiptHandle(handle);
    if (receipt === undefined) return 'bad-handle';
    const message = this.#hidden.get(receipt.id) ?? this.#visible.get(receipt.id);
    if (message?.receiveCount !== receipt.receiveCount) return 'deleted';
    this.#hidden.delete(receipt.id);
    this.#visible.delete(receipt.id);
    return 'deleted';
  }

  changeVisibility(
    handle: string,
    { visibilityMs, nowMs }: Pick<Receipt, 'visibilityMs' | 'nowMs'>,
  ): 'changed' | 'bad-handle' | 'not-in-flight' {
    const receipt = readReceiptHandle(handle);
    if (receipt === undefined) return 'bad-handle';
    this.#surface(nowMs);
    const message = this.#hidden.get(receipt.id);
    if (message === undefined || message.receiveCount !== receipt.receiveCount) return 'not-in-flight';
    message.visibleAtMs = nowMs + visibilityMs;
    this.#surface(nowMs);
    this.wake();
    return 'changed';
  }

  purge(): void {
    this.#visible.clear();
    this.#hidden.clear();
  }

  count(nowMs: number): QueueCounts {
    this.#surface(nowMs);
    for (const message of this.#visible.values()) {
      if (this.#isExpired(message, nowMs)) this.#visible.delete(message.id);
    }
    const delayed = [...this.#hidden.values()].filter(({ receiveCount }) => receiveCount === 0).length;
    return { visible: this.#visible.size, inFlight: this.#hidden.size - delayed, delayed };
  }

  /** Resolves when there may be something new, at the latest at `untilMs`, or when the caller leaves. */
  async change({
    untilMs,
    nowMs,
    signal,
  }: {
    untilMs: number;
    nowMs: number;
    signal: AbortSignal;
  }): Promise<void> {
    let dueMs = untilMs;
    for (const { visibleAtMs } of this.#hidden.values()) dueMs = Math.min(dueMs, visibleAtMs);
    await new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        this.#waiters.delete(end);
        resolve();
      };
      const timer = setTimeout(end, Math.max(0, dueMs - nowMs));
      signal.addEventListener('abort', end);
      this.#waiters.add(end);
      if (signal.aborted) end();
    });
  }

  /** Lets every waiting receiver look again. */
  wake(): void {
    for (const wake of [...this.#waiters]) wake();
  }

  /** The oldest of the group that has the least in flight; a message without a group is one by itself. */
  #next(): Message | undefined {
    const inFlight = new Map<string, number>();
    for (const { groupId, receiveCount } of this.#hidden.values())
      if (groupId !== undefined && receiveCount > 0) inFlight.set(groupId, (inFlight.get(groupId) ?? 0) + 1);
    let best: Message | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const message of this.#visible.values()) {
      const busy = inFlight.get(message.groupId ?? '') ?? 0;
      if (busy >= least) continue;
      [best, least] = [message, busy];
      if (least === 0) break;
    }
    return best;
  }

  #place(message: Message, nowMs: number): void {
    const isDue = message.visibleAtMs <= nowMs;
    (isDue ? this.#visible : this.#hidden).set(message.id, message);
    this.wake();
  }

  /** Older than the queue keeps. Such a message is dropped when somebody next looks at it. */
  #isExpired({ sentAtMs }: Message, nowMs: number): boolean {
    return sentAtMs < nowMs - this.settings.retentionMs;
  }

  /** Shows what is due. */
  #surface(nowMs: number): void {
    for (const message of this.#hidden.values()) {
      if (message.visibleAtMs > nowMs) continue;
      this.#hidden.delete(message.id);
      this.#visible.set(message.id, message);
    }
  }
}
