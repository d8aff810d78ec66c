import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedAnswer } from '#adapters/aws/answer-reader.ts';
import { TgiEvents, tgiError } from '#adapters/aws/tgi-events.ts';
import { textOf } from '#test/builders/model-call.ts';

const token = (text: string, special = false) => ({ id: 1, text, logprob: -0.5, special });
const details = (reason: string, more: object = {}) => ({
  finish_reason: reason,
  generated_tokens: 4,
  ...more,
});

/** As TGI streams: the last token carries the whole text and the details. */
function streamed(texts: readonly string[], reason: string, stops: readonly string[] = []) {
  const events = new TgiEvents(stops);
  return texts.flatMap((text, index) => {
    const last = index === texts.length - 1;
    const end = { generated_text: texts.join(''), details: details(reason, { input_length: 7, seed: null }) };
    return events.push({
      index,
      token: token(text),
      ...(last ? end : { generated_text: null, details: null }),
    });
  });
}

describe('a streamed answer of TGI', () => {
  it('is text, its end and its usage', () => {
    expect(streamed(['Hel', 'lo'], 'length')).toEqual([
      { type: 'message-start' },
      { type: 'text-delta', index: 0, text: 'Hel' },
      { type: 'text-delta', index: 0, text: 'lo' },
      { type: 'block-stop', index: 0 },
      { type: 'message-stop', stopReason: 'max_tokens' },
      { type: 'usage', usage: { inputTokens: 7, outputTokens: 4 } },
    ]);
  });

  it('shows no token that is none of the text', () => {
    const events = new TgiEvents([]);
    const end = { generated_text: 'Hi', details: details('eos_token') };
    const told = [
      ...events.push({ token: token('Hi') }),
      ...events.push({ token: token('<|im_end|>', true), ...end }),
    ];
    expect(textOf(told)).toBe('Hi');
    // Without the input's count nothing is told: half a usage would be taken for a whole one.
    expect(told.at(-1)).toEqual({ type: 'message-stop', stopReason: 'end_turn' });
    expect(events.stopped).toBe(true);
  });

  it('never shows the sequence that stopped it, however it is cut, and all else', () => {
    const words = fc.stringMatching(/^[ab]{0,12}$/);
    const stops = fc.array(fc.stringMatching(/^[ab]{1,4}$/), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(
        words,
        stops,
        fc.array(fc.integer({ min: 1, max: 3 })),
        fc.boolean(),
        (before, all, cuts, hit) => {
          const stop = all.toSorted((one, other) => other.length - one.length)[0] ?? '';
          const text = hit ? before + stop : before;
          const pieces: string[] = [];
          for (let at = 0, turn = 0; at < text.length; turn += 1) {
            const size = cuts[turn % Math.max(1, cuts.length)] ?? 2;
            pieces.push(text.slice(at, at + size));
            at += size;
          }
          if (pieces.length === 0) pieces.push('');
          const told = streamed(pieces, hit ? 'stop_sequence' : 'eos_token', all);
          const longest = all
            .filter((each) => text.endsWith(each))
            .toSorted((one, other) => other.length - one.length)[0];
          expect(textOf(told)).toBe(hit ? text.slice(0, text.length - (longest?.length ?? 0)) : text);
          if (hit)
            expect(told).toContainEqual({
              type: 'message-stop',
              stopReason: 'stop_sequence',
              additionalModelResponseFields: { stop_sequence: longest },
            });
        },
      ),
    );
  });

  it.each([
    {},
    { token: { text: 5 } },
    { token: token('a'), generated_text: 'a', details: null },
    { token: token('a'), generated_text: 'a', details: details('bored') },
    { token: token('a'), generated_text: 'a', details: { finish_reason: 'length' } },
  ])('is malformed as %j', (chunk) => {
    expect(() => new TgiEvents([]).push(chunk)).toThrow(MalformedAnswer);
  });
});

describe('a whole answer of TGI', () => {
  it('is a list of one, whose prefill is its input', () => {
    const prefill = [
      { id: 1, text: 'a', logprob: null },
      { id: 2, text: 'b', logprob: -1 },
    ];
    const answer = [
      { generated_text: 'Hello END', details: { ...details('stop_sequence'), prefill, tokens: [] } },
    ];
    const told = new TgiEvents(['END']).pushWhole(answer);
    expect(textOf(told)).toBe('Hello ');
    expect(told.at(-1)).toEqual({ type: 'usage', usage: { inputTokens: 2, outputTokens: 4 } });
  });

  it('tells no usage where the container keeps its prefill to itself', () => {
    const answer = [{ generated_text: 'Hi', details: { ...details('eos_token'), prefill: [] } }];
    expect(new TgiEvents([]).pushWhole(answer).map(({ type }) => type)).not.toContain('usage');
  });
});

describe('an error of TGI', () => {
  it('has the status that TGI answers with, and 500 where a generation failed', () => {
    const statusOf = (error_type: string) => tgiError({ error: 'no', error_type })?.status;
    expect(['overloaded', 'validation', 'generation', 'incomplete_generation', 'else'].map(statusOf)).toEqual(
      [429, 422, 500, 500, 500],
    );
    expect(tgiError({ token: {} })).toBeUndefined();
    expect(tgiError({ error: { message: 'deep' } })).toEqual({ message: 'deep', status: 500 });
  });
});
