/** Every wire format of the battery: how a call is made, and how its answer is read without the product's own code. */

export interface ReadAnswer {
  /** Everything that a caller would take for the answer. */
  readonly text: string;
  /** The marks with which the format ends an answer that is whole, as often as they stand there. */
  readonly ends: number;
  readonly interrupted: boolean;
  readonly usage: 'exact' | 'estimated' | 'none';
}

export interface BatteryFormat {
  readonly name: string;
  readonly path: (stream: boolean) => string;
  readonly body: (stream: boolean) => unknown;
  /** Work that is answered whole only, and by Bedrock only. */
  readonly plainOnly?: true;
  /** The model's kind. */
  readonly model: 'chat' | 'embed';
  read(body: string, stream: boolean): ReadAnswer;
}

const PROMPT = 'Say hello';
const OUTPUT_TOKENS_MAX = 400;
const messages = [{ role: 'user', content: PROMPT }];
const parts = [{ role: 'user', content: [{ text: PROMPT }] }];

/** Strings of JSON at every place where the pattern stands. */
function strings(text: string, before: string): string {
  const found = text.matchAll(new RegExp(`${before}("(?:[^"\\\\]|\\\\.)*")`, 'g'));
  return [...found].map((each) => JSON.parse(each[1] ?? '""') as string).join('');
}

function count(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}

function answer(text: string, body: string, ends: number): ReadAnswer {
  const interrupted = body.includes('stream_interrupted');
  const counted =
    /"(completion_tokens|output_tokens|outputTokens|prompt_tokens|inputTextTokenCount)":\s?\d/.test(body);
  const estimated = interrupted || body.includes('"estimated":true');
  return { text, ends, interrupted, usage: estimated ? 'estimated' : counted ? 'exact' : 'none' };
}

/** Anthropic's events inside Bedrock's frames. */
function unpacked(body: string): string {
  return [...body.matchAll(/"bytes":"([\w+/=]+)"/g)]
    .map((found) => Buffer.from(found[1] ?? '', 'base64').toString('utf8'))
    .concat(body)
    .join('\n');
}

export const batteryFormats: readonly BatteryFormat[] = [
  {
    name: 'OpenAI chat',
    model: 'chat',
    path: () => '/v1/chat/completions',
    body: (stream) => ({
      model: 'chat',
      messages,
      max_tokens: OUTPUT_TOKENS_MAX,
      ...(stream ? { stream, stream_options: { include_usage: true } } : {}),
    }),
    read: (body, stream) =>
      answer(
        strings(body, '"content":'),
        body,
        stream ? count(body, /data: \[DONE\]/g) : count(body, /"finish_reason":"stop"/g),
      ),
  },
  {
    name: 'OpenAI responses',
    model: 'chat',
    path: () => '/v1/responses',
    body: (stream) => ({ model: 'chat', input: PROMPT, max_output_tokens: OUTPUT_TOKENS_MAX, stream }),
    read: (body, stream) =>
      answer(
        stream ? strings(body, '"delta":') : strings(body, '"type":"output_text","text":'),
        body,
        stream ? count(body, /event: response\.completed/g) : count(body, /^{"id":.*"status":"completed"/g),
      ),
  },
  {
    name: 'Anthropic messages',
    model: 'chat',
    path: () => '/v1/messages',
    body: (stream) => ({ model: 'chat', messages, max_tokens: OUTPUT_TOKENS_MAX, stream }),
    read: (body, stream) =>
      answer(
        strings(body, stream ? '"type":"text_delta","text":' : '"type":"text","text":'),
        body,
        stream ? count(body, /event: message_stop/g) : count(body, /"stop_reason":"end_turn"/g),
      ),
  },
  {
    name: 'Bedrock Converse',
    model: 'chat',
    path: (stream) => `/model/chat/converse${stream ? '-stream' : ''}`,
    body: () => ({ messages: parts, inferenceConfig: { maxTokens: OUTPUT_TOKENS_MAX } }),
    read: (body, stream) =>
      answer(
        strings(body, stream ? '"delta":{"text":' : '"content":\\[{"text":'),
        body,
        count(body, stream ? /"stopReason":"end_turn"/g : /"stopReason":"end_turn"/g),
      ),
  },
  {
    name: 'Bedrock InvokeModel',
    model: 'chat',
    path: (stream) => `/model/chat/invoke${stream ? '-with-response-stream' : ''}`,
    body: () => ({ anthropic_version: 'bedrock-2023-05-31', messages, max_tokens: OUTPUT_TOKENS_MAX }),
    read: (body, stream) => {
      const whole = unpacked(body);
      return answer(
        strings(whole, stream ? '"type":"text_delta","text":' : '"type":"text","text":'),
        whole,
        stream ? count(whole, /"type":"message_stop"/g) : count(whole, /"stop_reason":"end_turn"/g),
      );
    },
  },
  {
    name: 'OpenAI embeddings',
    model: 'embed',
    plainOnly: true,
    path: () => '/v1/embeddings',
    body: () => ({ model: 'embed', input: PROMPT, encoding_format: 'float' }),
    read: (body) =>
      answer(/"embedding":\[[^\]]*\]/.exec(body)?.[0] ?? '', body, count(body, /"embedding":\[/g)),
  },
  {
    name: 'Bedrock InvokeModel, Titan',
    model: 'embed',
    plainOnly: true,
    path: () => '/model/embed/invoke',
    body: () => ({ inputText: PROMPT }),
    read: (body) =>
      answer(/"embedding":\[[^\]]*\]/.exec(body)?.[0] ?? '', body, count(body, /"embedding":\[/g)),
  },
  {
    name: 'Anthropic count_tokens',
    model: 'chat',
    plainOnly: true,
    path: () => '/v1/messages/count_tokens',
    body: () => ({ model: 'chat', messages }),
    read: (body) =>
      answer(/"input_tokens":\d+/.exec(body)?.[0] ?? '', body, count(body, /"input_tokens":\d+/g)),
  },
];
