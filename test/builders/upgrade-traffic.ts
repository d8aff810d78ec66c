/** Callers of a deployed fleet that never stop: every answer is judged, and every thing wrong with one is told by name. */
import OpenAI from 'openai';
import { responseHeaders } from '#contract/http.ts';

interface CalledGateway {
  /** `Gateway-eu-central-1`. */
  readonly stack: string;
  readonly residency: string;
  /** Of the models' regions that the residency allows: `eu-`. */
  readonly regionPrefix: string;
  readonly baseUrl: string;
}

type Kind = 'whole' | 'streamed' | 'embedding';

export interface Traffic {
  /** What was wrong with answers, so far. */
  readonly problems: readonly string[];
  /** Requests that were answered well, by their own ids and the gateway's stack. */
  readonly answered: ReadonlyMap<string, string>;
  /** When a stream of the gateway has begun to come and goes on: a number that is the stream's own. */
  midStream(stack: string): Promise<number>;
  /** Whether that stream is still coming. */
  isComing(stack: string, stream: number): boolean;
  /** Until each gateway answered each kind of call once more, whole calls that began after this moment. */
  round(): Promise<void>;
  stop(): Promise<void>;
}

const messages = [{ role: 'user' as const, content: 'When does the tide turn?' }];
const pauseMs = 400;
const pollMs = 20;
const waitMsMax = 150_000;

export function startTraffic(gateways: readonly CalledGateway[], apiKey: string): Traffic {
  const callers = gateways.map((gateway) => new Caller(gateway, apiKey));
  const find = (stack: string): Caller => {
    const caller = callers.find(({ gateway }) => gateway.stack === stack);
    if (caller === undefined) throw new Error(`nobody calls ${stack}`);
    return caller;
  };
  return {
    get problems() {
      return callers.flatMap(({ problems }) => problems);
    },
    get answered() {
      return new Map(callers.flatMap(({ gateway, ids }) => ids.map((id) => [id, gateway.stack] as const)));
    },
    async midStream(stack) {
      const caller = find(stack);
      await until(`a stream of ${stack}`, () => caller.stream.isComing);
      return caller.stream.number;
    },
    isComing: (stack, number) => {
      const { stream } = find(stack);
      return stream.isComing && stream.number === number;
    },
    async round() {
      const begun = performance.now();
      await until('an answer of every gateway to every kind of call', () =>
        callers.every((caller) => caller.hasAnsweredSince(begun)),
      );
    },
    async stop() {
      await Promise.all(callers.map((caller) => caller.stop()));
    },
  };
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const end = performance.now() + waitMsMax;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`waited ${waitMsMax} ms for ${what}`);
    await pause(pollMs);
  }
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** One gateway's callers: one that asks for whole answers and embeddings in turn, one that asks for streams. */
class Caller {
  readonly gateway: CalledGateway;
  readonly problems: string[] = [];
  readonly ids: string[] = [];
  readonly stream = { number: 0, isComing: false };
  readonly #client: OpenAI;
  /** When the last call of a kind began that was answered well, or badly. */
  readonly #begun = new Map<Kind, number>();
  readonly #loops: readonly Promise<void>[];
  #expected = '';
  #isStopped = false;

  constructor(gateway: CalledGateway, apiKey: string) {
    this.gateway = gateway;
    const defaultHeaders = { 'x-spillway-residency': gateway.residency };
    // What a caller would never see by a second try is what is looked for.
    this.#client = new OpenAI({ baseURL: gateway.baseUrl, apiKey, defaultHeaders, maxRetries: 0 });
    this.#loops = [this.#loop(['whole', 'embedding']), this.#loop(['streamed'])];
  }

  hasAnsweredSince(moment: number): boolean {
    const kinds: readonly Kind[] = ['whole', 'streamed', 'embedding'];
    return kinds.every((kind) => (this.#begun.get(kind) ?? 0) > moment);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.#loops);
  }

  async #loop(kinds: readonly Kind[]): Promise<void> {
    for (let turn = 0; !this.#isStopped; turn += 1) {
      const kind = kinds[turn % kinds.length] as Kind;
      const begun = performance.now();
      try {
        await this.#call(kind);
      } catch (error) {
        this.problems.push(`${this.gateway.stack} ${kind}: ${String(error)}`);
      }
      this.#begun.set(kind, begun);
      await pause(pauseMs);
    }
  }

  async #call(kind: Kind): Promise<void> {
    if (kind === 'whole') await this.#whole();
    else if (kind === 'embedding') await this.#embedding();
    else await this.#streamed();
  }

  async #whole(): Promise<void> {
    const { data, response } = await this.#client.chat.completions
      .create({ model: 'chat-large', messages })
      .withResponse();
    this.#judge(response, data.choices[0]?.message.content ?? '', data.choices[0]?.finish_reason);
  }

  async #embedding(): Promise<void> {
    const { data, response } = await this.#client.embeddings
      .create({ model: 'embed', input: 'tide' })
      .withResponse();
    if (data.data[0]?.embedding.length === 0) throw new Error('an embedding of nothing');
    this.#judgeHead(response);
  }

  async #streamed(): Promise<void> {
    const { data, response } = await this.#client.chat.completions
      .create({ model: 'chat-large', messages, stream: true })
      .withResponse();
    let text = '';
    let end: string | null | undefined;
    this.stream.number += 1;
    try {
      for await (const { choices } of data) {
        text += choices[0]?.delta.content ?? '';
        end = choices[0]?.finish_reason ?? end;
        this.stream.isComing = text !== '' && end === undefined;
      }
    } finally {
      this.stream.isComing = false;
    }
    this.#judge(response, text, end);
  }

  /** The model says the same to everybody: what is shorter was cut. */
  #judge(response: Response, text: string, end: string | null | undefined): void {
    this.#expected ||= text;
    if (text === '' || text !== this.#expected) throw new Error(`the answer is cut: ${text}`);
    if (end !== 'stop') throw new Error(`the answer ends with ${String(end)}`);
    this.#judgeHead(response);
  }

  #judgeHead({ status, headers }: Response): void {
    if (status !== 200) throw new Error(`status ${status}`);
    const residency = headers.get(responseHeaders.residency);
    const places = `${headers.get(responseHeaders.region)},${headers.get(responseHeaders.reach)}`.split(',');
    const isInside = places.every((place) => place.trim().startsWith(this.gateway.regionPrefix));
    if (residency !== this.gateway.residency || !isInside)
      throw new Error(`answered for ${String(residency)} in ${places.join()}`);
    this.ids.push(headers.get(responseHeaders.requestId) ?? '');
  }
}
