import { describe, expect, it } from 'vitest';
import { MalformedAnswer } from '#adapters/aws/answer-reader.ts';
import { ContainerEvents } from '#adapters/aws/container-events.ts';

const chunk = (delta: object, finishReason: string | null = null) => ({
  choices: [{ index: 0, delta, finish_reason: finishReason }],
});

function eventsOf(...chunks: readonly Record<string, unknown>[]) {
  const reader = new ContainerEvents();
  return { events: chunks.flatMap((each) => [...reader.push(each)]), stopped: reader.stopped };
}

describe('ContainerEvents', () => {
  it('opens the message once and skips empty deltas', () => {
    const { events, stopped } = eventsOf(chunk({ role: 'assistant', content: '' }), chunk({}), {
      choices: [],
    });
    expect(events).toEqual([{ type: 'message-start' }]);
    expect(stopped).toBe(false);
  });

  it.each([
    ['stop', 'end_turn'],
    ['length', 'max_tokens'],
    ['tool_calls', 'tool_use'],
    ['content_filter', 'content_filtered'],
    ['something_new', 'end_turn'],
  ])('reads the finish reason %s as %s', (reason, stopReason) => {
    const { events, stopped } = eventsOf(chunk({ content: 'x' }, reason));
    expect(events.at(-1)).toEqual({ type: 'message-stop', stopReason });
    expect(stopped).toBe(true);
  });

  it('stops once, whatever comes after', () => {
    const { events } = eventsOf(chunk({}, 'stop'), chunk({}, 'length'));
    expect(events.filter(({ type }) => type === 'message-stop')).toHaveLength(1);
  });

  it('believes the counts at the end, not the running ones', () => {
    const usage = (tokens: number) => ({ prompt_tokens: 9, completion_tokens: tokens });
    const { events } = eventsOf(
      { ...chunk({ content: 'x' }), usage: usage(1) },
      { ...chunk({}, 'stop'), usage: null },
      { choices: [], usage: usage(2) },
    );
    expect(events.filter(({ type }) => type === 'usage')).toEqual([
      { type: 'usage', usage: { inputTokens: 9, outputTokens: 2 } },
    ]);
  });

  it.each([
    { choices: {} },
    { choices: [null] },
    chunk({ content: 1 }),
    chunk({ tool_calls: [{ index: 0, function: { name: 'no id' } }] }),
    chunk({ tool_calls: [{ index: 0, id: 'no name', function: {} }] }),
  ])('calls %j malformed', (bad) => {
    expect(() => eventsOf(bad)).toThrow(MalformedAnswer);
  });
});
