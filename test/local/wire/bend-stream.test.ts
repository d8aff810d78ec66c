import { expect, it } from 'vitest';
import { bendStream } from '#local/wire/bend-stream.ts';

type StreamEvent = Readonly<Record<string, unknown>>;

async function* of(...events: readonly StreamEvent[]) {
  yield* events;
}

async function bent(events: AsyncIterable<StreamEvent>, fault: Parameters<typeof bendStream>[1]) {
  const told: StreamEvent[] = [];
  for await (const event of bendStream(events, fault)) told.push(event);
  return told;
}

const part = (text: string) => ({ PayloadPart: { Bytes: new Uint8Array(Buffer.from(text)) } });
const textOf = (events: readonly StreamEvent[]) =>
  Buffer.concat(events.map((event) => (event.PayloadPart as { Bytes: Uint8Array }).Bytes)).toString('utf8');
const start = { messageStart: { role: 'assistant' } };
const stop = { messageStop: { stopReason: 'end_turn' } };
const usage = { metadata: { usage: { inputTokens: 1 } } };

it('leaves a stream without a rule, or with another, as it is', async () => {
  expect(await bent(of(start, stop, usage), undefined)).toEqual([start, stop, usage]);
  expect(await bent(of(start, stop, usage), { kind: 'split-frames' })).toEqual([start, stop, usage]);
});

it('floods a stream before its first content', async () => {
  const told = await bent(of(start, stop), { kind: 'flood', bytes: 150_000 });
  expect(told.map((event) => Object.keys(event)[0])).toEqual([
    'messageStart',
    ...Array.from({ length: 3 }, () => 'contentBlockDelta'),
    'messageStop',
  ]);
  const parts = await bent(of(part('data: {}\n\n')), { kind: 'flood', bytes: 1 });
  expect(textOf(parts)).toMatch(
    /^data: {"choices":\[{"index":0,"delta":{"content":"flood .*}\n\ndata: {}\n\n$/,
  );
});

it("floods TGI's format as it tells tokens", async () => {
  const parts = await bent(of(part('data:{"index":1}\n\n')), { kind: 'flood', bytes: 1 });
  expect(textOf(parts)).toMatch(
    /^data:{"index":0,"token":{"id":0,"text":"flood .*"generated_text":null}\n\ndata:{"index":1}\n\n$/,
  );
});

it("leaves the prompt's length out of TGI's last line, and the rest in", async () => {
  const end = 'data:{"details":{"generated_tokens":2,"seed":null,"input_length":7}}\n\n';
  const told = await bent(of(part(end)), { kind: 'omit-usage' });
  expect(textOf(told)).toBe('data:{"details":{"generated_tokens":2,"seed":null}}\n\n');
});

it('tells no counts, wherever the lines of a container are cut', async () => {
  expect(await bent(of(start, stop, usage), { kind: 'omit-usage' })).toEqual([start, stop]);
  const text = 'data: {"a":"é"}\n\ndata: {"choices":[],"usage":{"prompt_tokens":1}}\n\ndata: [DONE]';
  const cut = [...Buffer.from(text)].map((byte) => ({ PayloadPart: { Bytes: new Uint8Array([byte]) } }));
  const told = await bent(of(...cut), { kind: 'omit-usage' });
  expect(textOf(told)).toBe('data: {"a":"é"}\n\n\ndata: [DONE]');
});
