/** Whole numbers over 2^53 in tools' JSON: exact from the caller's bytes to the target's, and back, in every format. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseExactJsonObject } from '#adapters/aws/answer-reader.ts';
import { containerBody } from '#adapters/aws/container-body.ts';
import { ContainerEvents } from '#adapters/aws/container-events.ts';
import { converseBody } from '#adapters/aws/converse-body.ts';
import { eventsOfConverseAnswer } from '#adapters/aws/converse-events.ts';
import { EventStreamDecoder } from '#adapters/aws/event-stream-decoder.ts';
import { emptyAnswer, foldEvent } from '#core/chat/fold-events.ts';
import type { ModelEvent } from '#core/chat/model-event.ts';
import { anthropicMessages } from '#usecases/gateway/dialects/anthropic-messages.ts';
import { bedrockConverse } from '#usecases/gateway/dialects/bedrock-converse.ts';
import { bedrockInvoke } from '#usecases/gateway/dialects/bedrock-invoke.ts';
import type { Dialect } from '#usecases/gateway/dialects/dialect.ts';
import { openAiChat } from '#usecases/gateway/dialects/openai-chat.ts';
import { openAiResponses } from '#usecases/gateway/dialects/openai-responses.ts';
import { readJsonBody } from '#usecases/gateway/read-body.ts';

const schemaOf = (bound: bigint) =>
  `{"type":"object","properties":{"id":{"type":"integer","maximum":${bound}}}}`;
const argumentsOf = (id: bigint) => `{"id":${id},"more":[${id},{"deep":${id}}]}`;
const textOf = (json: string) => JSON.stringify(json);

interface Format {
  readonly name: string;
  readonly dialect: Dialect;
  body(id: bigint): string;
}

const anthropicBody = (id: bigint, head: string) => `{${head},"max_tokens":9,"messages":[
  {"role":"user","content":"go"},
  {"role":"assistant","content":[{"type":"tool_use","id":"c1","name":"find","input":${argumentsOf(id)}}]},
  {"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"ok"}]}],
  "tools":[{"name":"find","input_schema":${schemaOf(id)}}]}`;

const formats: readonly Format[] = [
  {
    name: 'OpenAI chat',
    dialect: openAiChat,
    body: (id) => `{"model":"chat","messages":[{"role":"user","content":"go"},
      {"role":"assistant","tool_calls":[{"id":"c1","type":"function",
        "function":{"name":"find","arguments":${textOf(argumentsOf(id))}}}]},
      {"role":"tool","tool_call_id":"c1","content":"ok"}],
      "tools":[{"type":"function","function":{"name":"find","parameters":${schemaOf(id)}}}]}`,
  },
  {
    name: 'OpenAI responses',
    dialect: openAiResponses,
    body: (id) => `{"model":"chat","input":[{"role":"user","content":"go"},
      {"type":"function_call","call_id":"c1","name":"find","arguments":${textOf(argumentsOf(id))}},
      {"type":"function_call_output","call_id":"c1","output":"ok"}],
      "tools":[{"type":"function","name":"find","strict":false,"parameters":${schemaOf(id)}}]}`,
  },
  {
    name: 'Anthropic messages',
    dialect: anthropicMessages,
    body: (id) => anthropicBody(id, '"model":"chat"'),
  },
  {
    name: 'InvokeModel',
    dialect: bedrockInvoke,
    body: (id) => anthropicBody(id, '"anthropic_version":"bedrock-2023-05-31"'),
  },
  {
    name: 'Converse',
    dialect: bedrockConverse,
    body: (id) => `{"messages":[{"role":"user","content":[{"text":"go"}]},
      {"role":"assistant","content":[{"toolUse":{"toolUseId":"c1","name":"find","input":${argumentsOf(id)}}}]},
      {"role":"user","content":[{"toolResult":{"toolUseId":"c1","content":[{"json":${argumentsOf(id)}}]}}]}],
      "toolConfig":{"tools":[{"toolSpec":{"name":"find","inputSchema":{"json":${schemaOf(id)}}}}]}}`,
  },
];

const identity = { requestId: 'r1', model: 'chat', createdSeconds: 7, elapsedMs: () => 5 };
const path = { model: 'chat' };
const ids = fc.oneof(
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n }),
  fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
);
const options = { numRuns: 40 };

async function chatOf({ dialect, body }: Format, id: bigint) {
  const headers = new Headers();
  const read = await readJsonBody(
    new Request('http://gateway.test', { method: 'POST', body: body(id), headers }),
  );
  if (!read.ok) throw new Error(read.refusal.message);
  const call = dialect.read(read.value, path, headers);
  if (!call.ok) throw new Error(JSON.stringify(call.violations));
  if (call.work.kind !== 'chat') throw new Error(`${call.work.kind} is no chat`);
  return call.work;
}

/** Everything that bytes say, with JSON inside of strings and base64 laid open. */
function laidOpen(text: string): string {
  const inner = [...text.matchAll(/"bytes":"([\w+/=]+)"/g)].map(([, base64]) =>
    Buffer.from(base64 ?? '', 'base64').toString('utf8'),
  );
  return [text, ...inner].join('\n').replaceAll('\\"', '"');
}

/** The pieces of a tool's input, wherever a format has them, put together again. */
function inputIn(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('utf8');
  const framed = text.startsWith('data:') || text.startsWith('event:') ? text : payloads(bytes);
  const inner = laidOpenFrames(framed);
  return [...inner.matchAll(/"(?:partial_json|input|arguments)":"((?:[^"\\]|\\.)*)"/g)]
    .map(([, part]) => JSON.parse(`"${part}"`))
    .join('');
}

function payloads(bytes: Uint8Array): string {
  const frames = new EventStreamDecoder().push(bytes);
  return frames.map(({ payload }) => payload.toString('utf8')).join('\n');
}

function laidOpenFrames(text: string): string {
  const inner = [...text.matchAll(/"bytes":"([\w+/=]+)"/g)];
  if (inner.length === 0) return text;
  return inner.map(([, base64]) => Buffer.from(base64 ?? '', 'base64').toString('utf8')).join('\n');
}

/** The model's call as a container tells it, cut in the middle of the number, and as Converse tells it in one piece. */
const answers: readonly ((id: bigint) => readonly ModelEvent[])[] = [
  (id) => {
    const events = new ContainerEvents();
    const json = argumentsOf(id);
    const calls = [
      { index: 0, id: 'c1', function: { name: 'find', arguments: json.slice(0, 9) } },
      { index: 0, function: { arguments: json.slice(9) } },
    ];
    return [
      ...calls.flatMap((call) => events.push({ choices: [{ delta: { tool_calls: [call] } }] })),
      ...events.push({ choices: [{ delta: {}, finish_reason: 'tool_calls' }] }),
    ];
  },
  (id) =>
    eventsOfConverseAnswer(
      parseExactJsonObject(
        `{"output":{"message":{"content":[{"toolUse":{"toolUseId":"c1","name":"find","input":${argumentsOf(id)}}}]}},
          "stopReason":"tool_use","usage":{"inputTokens":1,"outputTokens":1}}`,
        'the answer',
      ),
    ),
];

it.each(formats)('reach either kind of target as $name wrote them', async (format) => {
  await fc.assert(
    fc.asyncProperty(ids, async (id) => {
      const { request } = await chatOf(format, id);
      const bodies = [
        converseBody(request, 9),
        containerBody(request, { servedModel: 'm', maxTokens: 9, stream: true }),
      ];
      for (const body of bodies) {
        expect(laidOpen(body)).toContain(`"maximum":${id}}`);
        expect(laidOpen(body)).toContain(argumentsOf(id));
      }
    }),
    options,
  );
});

it.each(formats)('reach a caller of $name as the model wrote them, whole and streamed', async (format) => {
  const { writer } = await chatOf(format, 1n);
  fc.assert(
    fc.property(ids, fc.constantFrom(...answers), (id, answer) => {
      const events = answer(id);
      const whole = JSON.stringify(writer.whole(identity, events.reduce(foldEvent, emptyAnswer)).body);
      expect(laidOpen(whole)).toContain(argumentsOf(id));
      const stream = writer.stream(identity);
      const bytes = Buffer.concat([...events.map((event) => stream.step(event)), stream.end()]);
      expect(inputIn(bytes)).toContain(argumentsOf(id));
    }),
    options,
  );
});
