import { type Answer, blockText, type StopReason } from '../../world/answers/answer.ts';
import { hashText } from '../../world/answers/hash.ts';
import type { Chunk } from '../../world/answers/serving.ts';
import { tokenize } from '../../world/answers/tokens.ts';
import type { TgiError } from './container-error.ts';
import type { TgiRequest } from './tgi-request.ts';

const FINISH_REASONS: Readonly<Record<StopReason, string>> = {
  end_turn: 'eos_token',
  tool_use: 'eos_token',
  stop_sequence: 'stop_sequence',
  max_tokens: 'length',
};

/** The answer in one piece: a list of one, as TGI has it. */
export function tgiAnswer(answer: Answer, request: TgiRequest): readonly unknown[] {
  const text = wholeText(answer);
  const prefill = Array.from({ length: request.prefill ? request.inputTokens : 0 }, (_, id) => ({
    ...{ id, text: '', logprob: null },
  }));
  const details = {
    ...endOf(answer),
    seed: null,
    prefill,
    tokens: tokenize(text).map((each) => token(each)),
  };
  return [{ generated_text: text, ...(request.details ? { details } : {}) }];
}

/** The answer token by token; the last one carries the whole text. No mark of an end follows. */
export async function* tgiEvents(
  chunks: AsyncIterable<Chunk>,
  answer: Answer,
  request: TgiRequest,
): AsyncGenerator<string, void, undefined> {
  let index = 0;
  const event = (told: object, end?: object) => {
    index += 1;
    return `data:${JSON.stringify({ index, token: told, generated_text: null, details: null, ...end })}\n\n`;
  };
  const ended = {
    generated_text: wholeText(answer),
    details: request.details ? { ...endOf(answer), seed: null, input_length: request.inputTokens } : null,
  };
  // The last token of a text that its bound cut is the end itself.
  let last: string | undefined;
  for await (const { text } of chunks) {
    for (const each of tokenize(text)) {
      if (last !== undefined) yield event(token(last));
      last = each;
    }
  }
  if (answer.stopReason === 'max_tokens') {
    yield event(token(last ?? ''), ended);
    return;
  }
  if (last !== undefined) yield event(token(last));
  const stop = answer.stopSequence;
  yield event(stop === undefined ? token('</s>', true) : token(stop), ended);
}

/** An error inside of a stream that began well: TGI says 200 before it looks at the request. */
export async function* tgiRefusal(error: TgiError): AsyncGenerator<string, void, undefined> {
  yield `data:${JSON.stringify(error.body)}\n\n`;
}

/** TGI leaves the sequence that stopped it in the text. */
function wholeText({ blocks, stopSequence = '' }: Answer): string {
  return blocks.map(blockText).join('') + stopSequence;
}

function endOf({ stopReason, outputTokens }: Answer) {
  return { finish_reason: FINISH_REASONS[stopReason], generated_tokens: outputTokens };
}

function token(text: string, special = false) {
  return { id: hashText(text) % 128_000, text, logprob: -0.5, special };
}
