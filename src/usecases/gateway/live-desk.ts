/** One clock for all who listen to a gateway: nothing is counted before the first comes, or a minute after the last left. */
import type { InstantMs } from '#core/units/instant-ms.ts';
import type { Clock } from '../ports/clock.ts';
import type { RequestRecord } from '../ports/gateway-metrics.ts';
import type { ByteSource } from './gateway-answer.ts';
import { LiveChannel, LiveSubscriber } from './live-channel.ts';
import { type LiveView, liveEventOf, type StandingCall } from './live-event.ts';
import type { LiveWait } from './live-slow.ts';
import { LiveTally } from './live-tally.ts';

const SECOND_MS = 1000;
/** Whoever comes back within this finds its percentiles, and the seconds that it missed as far as they are kept. */
const KEPT_MS = 60_000;
export const SUBSCRIBERS_MAX = 64;
/** So that no tenant keeps everybody else, operators too, from listening. */
export const VIEW_SUBSCRIBERS_MAX = 32;
/** The rest is for operators, whoever else listens: they look when something is wrong. */
export const TENANT_SUBSCRIBERS_MAX = 48;

export interface LiveDeskParts {
  readonly clock: Clock;
  /** The gateway's region. */
  readonly region: string;
  /** No other desk has it. */
  readonly run: string;
  /** Calls that wait in a line, and those that hold a slot, at this moment. */
  readonly standing: () => {
    readonly waiting: readonly StandingCall[];
    readonly held: readonly StandingCall[];
  };
  /** Nobody listens any more. */
  readonly onClosed: () => void;
}

export interface LiveListener {
  readonly view: LiveView;
  readonly lastEventId: string | null;
  /** How long it may listen before it is to come back, in milliseconds. */
  readonly listensMs: number;
  /** Each ends it: the caller has gone, or the shell takes no more requests. */
  readonly ends: readonly AbortSignal[];
}

export class LiveDesk {
  readonly #parts: LiveDeskParts;
  readonly #tally: LiveTally;
  readonly #channels = new Map<string, { readonly view: LiveView; readonly channel: LiveChannel }>();
  #subscribers = 0;
  #toldMs: number;
  #stopTimer: () => void;

  constructor(parts: LiveDeskParts) {
    this.#parts = parts;
    this.#toldMs = parts.clock.monotonicMs();
    this.#tally = new LiveTally(this.#toldMs);
    this.#stopTimer = parts.clock.after(SECOND_MS, this.#secondOver);
  }

  /** A request has ended. */
  noted(record: RequestRecord, wait: LiveWait): void {
    this.#tally.add(record, wait);
  }

  /** Undefined where as many listen as may. */
  subscribe({ view, lastEventId, listensMs, ends }: LiveListener): ByteSource | undefined {
    const channel = this.#channels.get(view.key)?.channel ?? new LiveChannel(this.#parts.run);
    const isFull = this.#subscribers >= SUBSCRIBERS_MAX || channel.subscribers.size >= VIEW_SUBSCRIBERS_MAX;
    if (isFull || (!view.everything && this.#tenantSubscribers() >= TENANT_SUBSCRIBERS_MAX)) return undefined;
    this.#channels.set(view.key, { view, channel });
    channel.silentSinceMs = undefined;
    this.#subscribers += 1;
    const { clock, region } = this.#parts;
    const place = channel.placeOf(lastEventId);
    const greeting = `: live events of ${region}, one a second\nretry: ${SECOND_MS}\n\n`;
    const endsAtMs = clock.monotonicMs() + listensMs;
    const subscriber = new LiveSubscriber(channel, { place, endsAtMs, greeting }, () => {
      this.#subscribers -= 1;
      if (channel.subscribers.size === 0) channel.silentSinceMs = clock.monotonicMs();
      for (const signal of ends) signal.removeEventListener('abort', end);
    });
    const end = () => subscriber.end();
    for (const signal of ends) {
      signal.addEventListener('abort', end, { once: true });
      if (signal.aborted) end();
    }
    return subscriber;
  }

  close(): void {
    this.#stopTimer();
    for (const { channel } of this.#channels.values())
      for (const subscriber of channel.subscribers) subscriber.end();
    this.#parts.onClosed();
  }

  #tenantSubscribers(): number {
    const ofTenants = [...this.#channels.values()].filter(({ view }) => !view.everything);
    return ofTenants.reduce((sum, { channel }) => sum + channel.subscribers.size, 0);
  }

  readonly #secondOver = (): void => {
    const { clock } = this.#parts;
    const atMs = clock.monotonicMs();
    this.#forgetSilent(atMs);
    if (this.#channels.size === 0) {
      this.#parts.onClosed();
      return;
    }
    // A timer that came late is made up for, so that there is one event a second.
    this.#stopTimer = clock.after(Math.max(1, SECOND_MS - (atMs % SECOND_MS)), this.#secondOver);
    this.#tell(atMs, clock.now());
  };

  #tell(atMs: number, at: InstantMs): void {
    const { region, standing } = this.#parts;
    const moment = { at, atMs, coversMs: atMs - this.#toldMs, gateway: region, ...standing() };
    this.#toldMs = atMs;
    for (const { view, channel } of this.#channels.values()) {
      channel.tell(liveEventOf(view, this.#tally, moment));
      for (const subscriber of channel.subscribers) if (subscriber.endsAtMs <= atMs) subscriber.end();
    }
    this.#tally.endSecond(atMs);
  }

  #forgetSilent(atMs: number): void {
    for (const [key, { channel }] of this.#channels) {
      const { silentSinceMs } = channel;
      if (silentSinceMs !== undefined && atMs - silentSinceMs >= KEPT_MS) this.#channels.delete(key);
    }
  }
}
