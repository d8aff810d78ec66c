import { describe, expect, it } from 'vitest';
import type { ChatRequest } from '#core/chat/chat-request.ts';
import { jsonToolState, unwrapJsonTool, withJsonTool } from '#core/chat/json-tool.ts';
import type { ModelEvent } from '#core/chat/model-event.ts';
import { aChatRequest } from '#test/builders/a-chat-request.ts';

const schema = { type: 'object', properties: { city: { type: 'string' } } };
const responseFormat: ChatRequest['responseFormat'] = { kind: 'json-schema', name: 'place', schema };
const own = { name: 'look', inputSchema: { type: 'object' } };

function unwrapped(jsonTool: string | undefined, events: readonly ModelEvent[]): readonly ModelEvent[] {
  let state = jsonToolState(jsonTool);
  return events.flatMap((event) => {
    const step = unwrapJsonTool(state, event);
    state = step.state;
    return step.events;
  });
}

describe('asking for JSON through a tool', () => {
  it('forces a tool with the schema and drops the format', () => {
    const { request, jsonTool } = withJsonTool(aChatRequest({ responseFormat }));
    expect(jsonTool).toBe('answer_in_json');
    expect(request.responseFormat).toBeUndefined();
    expect(request.tools?.choice).toEqual({ kind: 'tool', name: 'answer_in_json' });
    expect(request.tools?.specifications[0]?.inputSchema).toEqual(schema);
  });

  it('leaves a request without a format as it is', () => {
    const request = aChatRequest();
    expect(withJsonTool(request)).toEqual({ request, jsonTool: undefined });
  });

  it('keeps the caller’s tools callable and never takes one’s name', () => {
    const tools = {
      specifications: [own, { ...own, name: 'answer_in_json' }],
      choice: { kind: 'auto' as const },
    };
    const { request, jsonTool } = withJsonTool(aChatRequest({ responseFormat, tools }));
    expect(jsonTool).toBe('answer_in_json_');
    expect(request.tools?.choice).toEqual({ kind: 'any' });
    expect(request.tools?.specifications).toHaveLength(3);
  });

  it('is the one tool that is called where the caller forbids its own', () => {
    const tools = { specifications: [own], choice: { kind: 'none' as const } };
    const { request, jsonTool } = withJsonTool(aChatRequest({ responseFormat, tools }));
    expect(request.tools?.choice).toEqual({ kind: 'tool', name: jsonTool });
  });

  it('tells what the answer is for', () => {
    const format = { kind: 'json-schema', name: 'place', description: 'A place.', schema } as const;
    const { request } = withJsonTool(aChatRequest({ responseFormat: format }));
    expect(request.tools?.specifications[0]?.description).toMatch(/ A place\.$/);
  });

  it('lets a tool that the caller forces win, and asks for no JSON beside it', () => {
    const tools = { specifications: [own], choice: { kind: 'tool' as const, name: 'look' } };
    const asked = withJsonTool(aChatRequest({ responseFormat, tools }));
    expect(asked).toEqual({ request: aChatRequest({ tools }), jsonTool: undefined });
  });

  it('has any tool called where the model knows no names and there is but the one', () => {
    expect(withJsonTool(aChatRequest({ responseFormat }), false).request.tools?.choice).toEqual({
      kind: 'any',
    });
    const tools = { specifications: [own], choice: { kind: 'none' as const } };
    const { request, jsonTool } = withJsonTool(aChatRequest({ responseFormat, tools }), false);
    expect(request.tools?.choice).toEqual({ kind: 'tool', name: jsonTool });
  });
});

describe('giving the tool’s input back as text', () => {
  const call: readonly ModelEvent[] = [
    { type: 'tool-use-start', index: 1, toolUseId: 'a', name: 'answer_in_json' },
    { type: 'tool-use-delta', index: 1, inputJson: '{"city":' },
    { type: 'tool-use-delta', index: 1, inputJson: '"Bonn"}' },
    { type: 'block-stop', index: 1 },
  ];
  const talk: ModelEvent = { type: 'text-delta', index: 0, text: 'Here it is:' };
  const stop: ModelEvent = { type: 'message-stop', stopReason: 'tool_use' };

  it('turns deltas into text and the stop into a normal end', () => {
    expect(unwrapped('answer_in_json', [...call, stop])).toEqual([
      { type: 'text-delta', index: 1, text: '{"city":' },
      { type: 'text-delta', index: 1, text: '"Bonn"}' },
      { type: 'block-stop', index: 1 },
      { type: 'message-stop', stopReason: 'end_turn' },
    ]);
  });

  it('leaves out talk around the JSON, which would make it unreadable', () => {
    const texts = unwrapped('answer_in_json', [talk, ...call, talk, stop]).filter(
      (event) => event.type === 'text-delta',
    );
    expect(texts.map((event) => ('text' in event ? event.text : ''))).toEqual(['{"city":', '"Bonn"}']);
  });

  it('shows the talk and the call when the model calls one of the caller’s tools', () => {
    const other: ModelEvent = { type: 'tool-use-start', index: 1, toolUseId: 'b', name: 'look' };
    expect(unwrapped('answer_in_json', [talk, other, stop])).toEqual([talk, other, stop]);
  });

  it('shows a refusal in words, and keeps a cut answer cut', () => {
    const refusal: ModelEvent = { type: 'message-stop', stopReason: 'content_filtered' };
    expect(unwrapped('answer_in_json', [talk, refusal])).toEqual([talk, refusal]);
    const cut: ModelEvent = { type: 'message-stop', stopReason: 'max_tokens' };
    expect(unwrapped('answer_in_json', [...call, cut]).at(-1)).toEqual(cut);
  });

  it('passes everything on where there is no such tool', () => {
    expect(unwrapped(undefined, [talk, ...call, stop])).toEqual([talk, ...call, stop]);
  });
});
