import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnswerRequest, answerPrompt, blockText } from '#local/world/answers/answer.ts';
import type { Prompt, Tool } from '#local/world/answers/prompt.ts';
import { countTokens } from '#local/world/answers/tokens.ts';

const weather: Tool = {
  name: 'get_weather',
  description: 'Weather of a city',
  schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const clock: Tool = { name: 'clock', description: '', schema: { type: 'object' } };

function request(
  text: string,
  more: Partial<Prompt> = {},
  limits: Partial<AnswerRequest> = {},
): AnswerRequest {
  return {
    prompt: {
      system: [],
      turns: [{ role: 'user', parts: [{ kind: 'text', text }] }],
      tools: [],
      toolChoice: { kind: 'auto' },
      ...more,
    },
    model: 'Model One',
    region: 'eu-north-1',
    outputTokensMax: 1_000,
    stopSequences: [],
    ...limits,
  };
}

const textOf = (asked: AnswerRequest) => answerPrompt(asked).blocks.map(blockText).join('');

describe('answerPrompt', () => {
  it('names the model and the region and repeats what was asked', () => {
    const text = textOf(request('Why is the sky blue?'));
    expect(text).toContain('Model One');
    expect(text).toContain('eu-north-1');
    expect(text).toContain('Why is the sky blue?');
  });

  it('answers the same to the same, and counts the tokens that it gives', () => {
    fc.assert(
      fc.property(fc.lorem({ maxCount: 20 }), fc.integer({ min: 1, max: 200 }), (text, outputTokensMax) => {
        const asked = request(text, {}, { outputTokensMax });
        const answer = answerPrompt(asked);
        expect(answerPrompt(asked)).toEqual(answer);
        expect(countTokens(answer.blocks.map(blockText).join(''))).toBe(answer.outputTokens);
        expect(answer.outputTokens).toBeLessThanOrEqual(outputTokensMax);
        expect(answer.stopReason === 'max_tokens').toBe(
          textOf(request(text)).length > answer.blocks.map(blockText).join('').length,
        );
      }),
    );
  });

  it('ends before the first stop sequence and says which one it was', () => {
    const answer = answerPrompt(
      request(
        'Why?',
        {},
        { stopSequences: ['never there', 'answering', 'This is Model One, answering from'] },
      ),
    );
    expect(answer).toMatchObject({ stopReason: 'stop_sequence', outputTokens: 0 });
    expect(answer.stopSequence).toBe('This is Model One, answering from');
    const later = answerPrompt(request('Why?', {}, { stopSequences: ['from'] }));
    expect(later.blocks.map(blockText)).toEqual(['This is Model One, answering ']);
  });

  it('reports the token limit when that comes before the stop sequence', () => {
    const answer = answerPrompt(request('Why?', {}, { stopSequences: ['from'], outputTokensMax: 2 }));
    expect(answer.stopReason).toBe('max_tokens');
  });

  it('calls a tool that is forced, with input that fits its schema', () => {
    const any = answerPrompt(request('Paris', { tools: [clock, weather], toolChoice: { kind: 'any' } }));
    expect(any).toMatchObject({ stopReason: 'tool_use', blocks: [{ kind: 'tool-use', name: 'clock' }] });
    const named = answerPrompt(
      request('Paris', { tools: [clock, weather], toolChoice: { kind: 'tool', name: 'get_weather' } }),
    );
    expect(named.blocks.map(blockText).map((json) => JSON.parse(json))).toEqual([{ city: 'Paris' }]);
  });

  it('calls a tool by itself only when the question names it', () => {
    const tools = [clock, weather];
    expect(answerPrompt(request('Please get weather for Rome', { tools })).stopReason).toBe('tool_use');
    expect(answerPrompt(request('Please cook for Rome', { tools })).stopReason).toBe('end_turn');
    expect(answerPrompt(request('get weather', { tools, toolChoice: { kind: 'none' } })).stopReason).toBe(
      'end_turn',
    );
  });

  it('uses the result of a tool in its answer', () => {
    const turns: Prompt['turns'] = [
      { role: 'user', parts: [{ kind: 'text', text: 'get weather in Rome' }] },
      {
        role: 'assistant',
        parts: [{ kind: 'tool-use', id: 't1', name: 'get_weather', input: { city: 'Rome' } }],
      },
      { role: 'user', parts: [{ kind: 'tool-result', id: 't1', text: '31 degrees and sunny' }] },
    ];
    const answer = answerPrompt(request('', { turns, tools: [weather] }));
    expect(answer.stopReason).toBe('end_turn');
    expect(answer.blocks.map(blockText).join('')).toContain(
      'The tool get_weather returned: 31 degrees and sunny',
    );
  });

  it('answers JSON for a schema in the request, and for one written in the system prompt', () => {
    const schema = { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] };
    expect(JSON.parse(textOf(request('Name it', { answerSchema: schema })))).toEqual({ title: 'Name it' });
    const system = [`Answer in JSON like this {"title": 1}? No: with this schema: ${JSON.stringify(schema)}`];
    expect(JSON.parse(textOf(request('Name it', { system })))).toEqual({ title: 'Name it' });
  });

  it('repeats what it is told to say and keeps to a number of words', () => {
    expect(textOf(request('Reply with "pong"'))).toBe('pong');
    expect(textOf(request('Describe the sea in 150 words')).split(' ').length).toBe(150);
  });
});
