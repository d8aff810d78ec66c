import type { ChatAnswer } from '#core/chat/fold-events.ts';
import type { ModelEvent } from '#core/chat/model-event.ts';
import type {
  AnswerIdentity,
  ChatWriter,
  StreamWriter,
  WholeAnswer,
} from '#usecases/gateway/dialects/dialect.ts';
import { tokensOfText } from './answer-text.ts';

const nothing = new Uint8Array();
const something = new Uint8Array(1);

/** What one caller is shown of its answer: a wire format that counts pieces where others write them down. */
export class CallerView implements ChatWriter, StreamWriter {
  readonly contentType = 'application/x-simulated';
  readonly heartbeat = undefined;
  readonly #nowMs: () => number;
  /** Epoch milliseconds of the first content that it was shown. */
  firstContentAtMs: number | undefined;
  shownTokens = 0;
  /** Times that it was told that its answer is whole, and that it broke. */
  ends = 0;
  breaks = 0;
  /** Bytes that were made for it, one for each piece, and those that came. */
  madeBytes = 0;
  receivedBytes = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  stream(): StreamWriter {
    return this;
  }

  whole(_identity: AnswerIdentity, { blocks }: ChatAnswer): WholeAnswer {
    for (const block of blocks) if (block.kind === 'text') this.#show(block.text);
    this.ends += 1;
    return { body: null };
  }

  step(event: ModelEvent): Uint8Array {
    if (event.type !== 'text-delta') return nothing;
    this.#show(event.text);
    return this.#made(something);
  }

  end(): Uint8Array {
    this.ends += 1;
    return nothing;
  }

  interrupted(): Uint8Array {
    this.breaks += 1;
    return this.#made(something);
  }

  resumed(): Uint8Array {
    return nothing;
  }

  #made(bytes: Uint8Array): Uint8Array {
    this.madeBytes += bytes.length;
    return bytes;
  }

  #show(text: string): void {
    this.firstContentAtMs ??= this.#nowMs();
    this.shownTokens += tokensOfText(text);
  }
}
