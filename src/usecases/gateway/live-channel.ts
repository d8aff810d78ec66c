import type { ByteSink, ByteSource } from './gateway-answer.ts';

/** Seconds that somebody who comes back is told after the fact, and that a slow reader may be behind. */
const FRAMES_KEPT_MAX = 30;
/** Of one view; the oldest go first. */
const KEPT_BYTES_MAX = 512 * 1024;

const encoder = new TextEncoder();

/** The last seconds of one view, written down once for all who listen to it. */
export class LiveChannel {
  readonly subscribers = new Set<LiveSubscriber>();
  /** Since when nobody listens, in monotonic milliseconds. Undefined while somebody does. */
  silentSinceMs: number | undefined;
  #frames: Uint8Array[] = [];
  #bytes = 0;
  #last = 0;
  readonly #run: string;

  /** @param run the part of each id that says which process gave it, and when it began to listen */
  constructor(run: string) {
    this.#run = run;
  }

  get last(): number {
    return this.#last;
  }

  tell(event: object): void {
    this.#last += 1;
    const frame = encoder.encode(`id: ${this.#run}-${this.#last}\ndata: ${JSON.stringify(event)}\n\n`);
    this.#frames.push(frame);
    this.#bytes += frame.length;
    while (this.#frames.length > FRAMES_KEPT_MAX || this.#bytes > KEPT_BYTES_MAX)
      this.#bytes -= this.#frames.shift()?.length ?? 0;
    for (const subscriber of this.subscribers) subscriber.told();
  }

  /** What came after a number; undefined where some of it is forgotten already. */
  after(number: number): readonly Uint8Array[] | undefined {
    const behind = this.#last - number;
    if (behind > this.#frames.length) return undefined;
    return behind <= 0 ? [] : this.#frames.slice(-behind);
  }

  /** Where to go on for somebody who names the last id that it saw; now where that is none of ours, or too old. */
  placeOf(lastEventId: string | null): number {
    const [, run, digits = ''] = /^(.+)-(\d{1,15})$/.exec(lastEventId ?? '') ?? [];
    const number = Number(digits);
    const isKept = run === this.#run && number > 0 && number <= this.#last;
    return isKept && this.after(number) !== undefined ? number : this.#last;
  }
}

/** One who listens: a place in the channel, and nothing of its own. It is read from as fast as it reads. */
export class LiveSubscriber implements ByteSource {
  readonly #channel: LiveChannel;
  readonly #onEnd: () => void;
  /** Monotonic time at which it is to come back, so that its rights are judged anew. */
  readonly endsAtMs: number;
  #place: number;
  #greeting: string | undefined;
  #ended = false;
  #wake: (() => void) | undefined;

  constructor(
    channel: LiveChannel,
    from: { readonly place: number; readonly endsAtMs: number; readonly greeting: string },
    onEnd: () => void,
  ) {
    this.#channel = channel;
    this.#onEnd = onEnd;
    this.endsAtMs = from.endsAtMs;
    this.#place = from.place;
    this.#greeting = from.greeting;
    channel.subscribers.add(this);
  }

  async pull(sink: ByteSink): Promise<void> {
    if (this.#greeting !== undefined) {
      sink.enqueue(encoder.encode(this.#greeting));
      this.#greeting = undefined;
      return;
    }
    for (;;) {
      const frames = this.#channel.after(this.#place) ?? [];
      for (const frame of frames) sink.enqueue(frame);
      this.#place += frames.length;
      if (frames.length > 0) return;
      if (this.#ended) break;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    sink.close();
  }

  /** Who is further behind than what is kept has lost some already, and holds a place for nothing. */
  told(): void {
    if (this.#channel.after(this.#place) === undefined) this.end();
    else this.#go();
  }

  /** In good order: whoever wants more comes back. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#channel.subscribers.delete(this);
    this.#onEnd();
    this.#go();
  }

  cancel(): void {
    this.end();
  }

  #go(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
