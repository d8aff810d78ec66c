/** What the processes of the gateway bench say to each other, and what every contender is asked and must answer. */

/** Deltas of one answer: a short paragraph. */
export const DELTAS = 24;
/** The key that the load shows; only Spillway asks for it. Portkey passes it on. */
export const apiKey = 'sk-bench-key';
export const modelName = 'chat-small';

const texts = Array.from({ length: DELTAS }, (_, index) => ` word${index}`);
/** The text of one delta. A paced answer marks each with the moment at which the upstream wrote it. */
export const deltaText = (index: number): string => texts[index] ?? '';
export const wholeText = texts.join('');
/** Between a delta's text and the moment of its writing. */
export const STAMP = '@';

/** Microseconds of the machine's monotonic clock: the same in every process. */
export const machineMicros = (): number => Number(process.hrtime.bigint() / 1000n);

/** How the upstream answers streams. */
export interface Pacing {
  /** Milliseconds to the first delta; 0 with `gapMs` 0: the whole stream at once. */
  readonly firstMs: number;
  /** Milliseconds between two deltas. */
  readonly gapMs: number;
}

export const atOnce: Pacing = { firstMs: 0, gapMs: 0 };

/** To the mock upstream. It answers with the same message when it has taken it. */
export interface PaceOrder {
  readonly pacing: Pacing;
}

/** One stretch of load, to the load generator. */
export interface LoadOrder {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly stream: boolean;
  /** Closed: this many connections, each busy all the time. Open: so many requests a second, whatever comes back. */
  readonly shape: { readonly connections: number } | { readonly perSecond: number };
  /** Not counted: connections open, code gets warm. */
  readonly discardMs: number;
  readonly measureMs: number;
}

/** Milliseconds. */
export interface Spread {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
}

export interface LoadReport {
  /** Whole answers in the measured stretch. */
  readonly answers: number;
  readonly perSecond: number;
  /** Whole answers, discarded ones included: what the contender's processor time is divided by. */
  readonly answersInAll: number;
  /** From the moment at which a request was due, not from that at which it could be sent, to its last byte. */
  readonly latency: Spread;
  /** From the due moment to the first content. Streams only. */
  readonly firstContent: Spread;
  /** From the upstream's writing of a delta to its arrival. Paced streams only. */
  readonly delta: Spread;
  /** Wrong or missing answers; any one fails the bench. */
  readonly wrong: readonly string[];
  readonly wrongCount: number;
}

export function requestBody(stream: boolean): string {
  return JSON.stringify({
    model: modelName,
    messages: [
      { role: 'system', content: 'You are a helpful assistant. Answer in one short paragraph.' },
      { role: 'user', content: 'What is a spillway, and why does a dam need one? '.repeat(8) },
    ],
    max_tokens: 256,
    temperature: 0.2,
    ...(stream ? { stream: true } : {}),
  });
}
