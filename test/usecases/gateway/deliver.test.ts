import { describe, expect, it } from 'vitest';
import { aStartedGateway } from '#test/builders/a-gateway.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { answering, aSignal, textEvents } from '#test/builders/scripted-invoker.ts';

const east = aTarget();

const world = (leap = true) => aStartedGateway([east], { leap });

function readerOf(response: Response) {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (reader === undefined) throw new Error('the response has no body');
  return reader;
}

describe('a stream', () => {
  it('sends its head only when the first content is there', async () => {
    const { chat, invoker, clock } = await world();
    invoker.script(east.id, { afterMs: 2000, ...answering() });
    const startedMs = clock.monotonicMs();
    const response = await chat({ stream: true });
    expect(clock.monotonicMs() - startedMs).toBe(2000);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    await response.text();
  });

  it('keeps the caller’s connection awake while the model thinks', async () => {
    const { chat, invoker } = await world();
    invoker.script(east.id, { ...answering(['Hello', ' again']), delaysMs: [0, 0, 12_000] });
    const text = await (await chat({ stream: true })).text();
    expect(text.match(/: heartbeat\n\n/g)).toHaveLength(1);
    expect(text).toContain('[DONE]');
  });

  it('breaks with an error when the target stalls for fifteen seconds, after a heartbeat at ten', async () => {
    const { chat, invoker, clock } = await world();
    invoker.script(east.id, { events: textEvents(['Half']), hangs: 'after-events' });
    const response = await chat({ stream: true });
    const startedMs = clock.monotonicMs();
    const text = await response.text();
    expect(clock.monotonicMs() - startedMs).toBe(15_000);
    expect(text.match(/: heartbeat\n\n/g)).toHaveLength(1);
    expect(text).toContain('between-tokens-timeout');
    expect(invoker.calls[0]?.aborted).toBe(true);
  });

  it('reads from the target only as fast as the caller reads', async () => {
    const { chat, invoker } = await world(false);
    invoker.script(east.id, answering(Array.from({ length: 500 }, (_, index) => `piece ${index} `)));
    const response = await chat({ stream: true });
    const reader = readerOf(response);
    await reader.read();
    await new Promise(setImmediate);
    expect(invoker.calls[0]?.pulled).toBeLessThan(10);
    while (!(await reader.read()).done);
    expect(invoker.calls[0]?.pulled).toBe(504);
  });

  it('closes the target and settles once when the caller stops reading', async () => {
    const { chat, invoker, records } = await world(false);
    invoker.script(east.id, { events: textEvents(['Half']), hangs: 'after-events' });
    const response = await chat({ stream: true });
    const reader = readerOf(response);
    await reader.read();
    await reader.cancel();
    // The decoder between us and the reader hands the news on when it gets to it.
    await new Promise(setImmediate);
    expect(invoker.calls[0]?.aborted).toBe(true);
    expect(records.map(({ outcome }) => outcome)).toEqual(['cancelled']);
  });

  it('closes the target when the request is aborted, though nobody reads', async () => {
    const { chat, invoker, records } = await world(false);
    invoker.script(east.id, { events: textEvents(['Half']), hangs: 'after-events' });
    const caller = new AbortController();
    await chat({ stream: true }, {}, caller.signal);
    caller.abort();
    await new Promise(setImmediate);
    expect(invoker.calls[0]?.aborted).toBe(true);
    expect(records.map(({ outcome }) => outcome)).toEqual(['cancelled']);
  });

  it('that broke is told as such in the log and in the numbers, never as an answer', async () => {
    const { chat, invoker, lines, records } = await world();
    invoker.script(east.id, { events: textEvents(['Half']), failsInside: aSignal({ kind: 'reset' }) });
    await (await chat({ stream: true })).text();
    expect(records.map(({ outcome }) => outcome)).toEqual(['stream_interrupted']);
    expect(records[0]?.attempts.map(({ outcome }) => outcome)).toEqual(['connection-reset']);
    expect(lines.map(({ level, event }) => [level, event])).toEqual([['warn', 'request']]);
  });

  it('ends with the total deadline, with the bytes that are out and an error', async () => {
    const { chat, invoker } = await world();
    invoker.script(east.id, { events: textEvents(Array.from({ length: 70 }, () => 'x')), betweenMs: 4900 });
    const response = await chat({ stream: true });
    const text = await response.text();
    expect(text).toContain('total-timeout');
    expect(text).not.toContain('[DONE]');
  });

  const messages = [{ role: 'user', content: 'Say hello.' }];
  const parts = [{ role: 'user', content: [{ text: 'Say hello.' }] }];
  const own = { anthropic_version: 'bedrock-2023-05-31', max_tokens: 50 };
  it.each([
    ['/v1/chat/completions', { model: 'chat-small', stream: true, messages }, '"code":"stream_interrupted"'],
    ['/v1/responses', { model: 'chat-small', stream: true, input: 'Say hello.' }, 'event: response.failed'],
    ['/v1/messages', { model: 'chat-small', stream: true, max_tokens: 50, messages }, 'event: error'],
    ['/model/chat-small/converse-stream', { messages: parts }, 'modelStreamErrorException'],
    ['/model/chat-small/invoke-with-response-stream', { ...own, messages }, 'modelStreamErrorException'],
  ])('ends in an error of its own kind when the shell has no more time: %s', async (path, body, error) => {
    const { gateway, clock, invoker, records } = await world();
    invoker.script(east.id, { events: textEvents(['Half', ' more', ' again']), betweenMs: 400 });
    const asked = new Request(`http://gateway.test${path}`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk-local', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const response = await gateway.handle(Object.assign(asked, { answerWithinMs: 1000 }));
    const startedMs = clock.monotonicMs();
    const text = await response.text();
    expect([response.status, text]).toEqual([200, expect.stringContaining(error)]);
    expect(clock.monotonicMs() - startedMs).toBeLessThan(1000);
    expect(records.map(({ outcome, attempts }) => [outcome, attempts[0]?.outcome])).toEqual([
      ['stream_interrupted', 'total-timeout'],
    ]);
  });
});
