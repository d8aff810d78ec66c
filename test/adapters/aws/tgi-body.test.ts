import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tgiBody } from '#adapters/aws/tgi-body.ts';
import { chatNeeds } from '#core/chat/chat-needs.ts';
import type { ChatRequest } from '#core/chat/chat-request.ts';
import { chatTemplates } from '#core/chat/prompt-template.ts';
import { chatRequest } from '#test/builders/model-call.ts';

const bodyOf = (request: Partial<ChatRequest>, stream = true) =>
  JSON.parse(tgiBody(chatRequest(request), { chatTemplate: 'chatml', maxTokens: 64, stream }));

describe('a body of TGI’s own format', () => {
  it('is one text, with details that tell its end and its tokens', () => {
    expect(bodyOf({ system: [{ text: 'Be brief.' }, { cachePoint: {} }] })).toEqual({
      inputs:
        '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nhello<|im_end|>\n<|im_start|>assistant\n',
      parameters: { max_new_tokens: 64, do_sample: true, return_full_text: false, details: true },
      stream: true,
    });
  });

  it('asks for its input’s tokens where no stream counts them', () => {
    expect(bodyOf({}, false).parameters.decoder_input_details).toBe(true);
  });

  it('says the likeliest token in the words that TGI has for it', () => {
    const parametersOf = (inference: ChatRequest['inference']) => bodyOf({ inference }).parameters;
    expect(parametersOf({ temperature: 0, topP: 0.9 })).toMatchObject({ do_sample: false });
    expect(parametersOf({ temperature: 0 })).not.toHaveProperty('temperature');
    expect(parametersOf({ temperature: 0.7, topP: 0.9, stopSequences: ['END'] })).toMatchObject({
      ...{ do_sample: true, temperature: 0.7, top_p: 0.9, stop: ['END'] },
    });
    expect(parametersOf({ topP: 1 })).not.toHaveProperty('top_p');
  });

  it('hands a schema on as a grammar', () => {
    const schema = { type: 'object', properties: { city: { type: 'string' } } };
    const { parameters } = bodyOf({ responseFormat: { kind: 'json-schema', name: 'answer', schema } });
    expect(parameters.grammar).toEqual({ type: 'json', value: schema });
  });

  it('leaves thoughts of earlier turns out, and joins the texts of one', () => {
    const { inputs } = bodyOf({
      messages: [
        { role: 'user', content: [{ text: 'a' }, { text: 'b' }] },
        { role: 'assistant', content: [{ reasoning: { text: 'hm' } }, { text: 'c' }] },
        { role: 'user', content: [{ text: 'd' }] },
      ],
    });
    expect(inputs).toContain('user\na\nb<|im_end|>');
    expect(inputs).toContain('assistant\nc<|im_end|>');
    expect(inputs).not.toContain('hm');
  });

  it('fails for what no prompt can say: the decide stage lets none of it come here', () => {
    const image = { image: { format: 'png', bytesBase64: 'iVBO' } } as const;
    expect(() => bodyOf({ messages: [{ role: 'user', content: [image] }] })).toThrow(/text only/);
    expect(() => bodyOf({ tools: { specifications: [], choice: { kind: 'auto' } } })).toThrow(/no tools/);
  });
});

describe('texts cut into parts anywhere', () => {
  /** What speaks in another's name, for each family. */
  const tokens = {
    chatml: ['<|im_start|>', '<|im_end|>'],
    'llama-3': ['<|start_header_id|>', '<|end_header_id|>', '<|eot_id|>'],
    'mistral-v1': ['[INST]', '[/INST]', '</s>'],
    'mistral-v3': ['[INST]', '[/INST]', '</s>', '[TOOL_CALLS]', '[SYSTEM_PROMPT]'],
  };
  const images = ['![](', '![](http://10.0.0.1/)'];

  it('make no word of a template that is in none of them', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...chatTemplates),
        fc.array(fc.nat(20), { maxLength: 4 }),
        fc.nat(),
        (template, cuts, pick) => {
          const words = [...tokens[template], ...images];
          const word = words[pick % words.length] ?? '';
          const at = [0, ...cuts.map((cut) => cut % (word.length + 1)), word.length].toSorted(
            (one, other) => one - other,
          );
          const [system = '', ...parts] = at.slice(1).map((end, index) => word.slice(at[index], end));
          const [first = '', second = '', third = '', ...last] = parts;
          const messages = [
            { role: 'user', content: [{ text: first }, { reasoning: { text: 'hm' } }, { text: second }] },
            { role: 'assistant', content: [{ text: third }] },
            { role: 'user', content: [{ text: last.join('') }, { cachePoint: {} }] },
          ] as const;
          const request = chatRequest({ system: [{ text: system }], messages });
          const broken = chatNeeds(request, true).brokenTemplates ?? [];
          fc.pre(!broken.includes(template));
          const written = (asked: ChatRequest): string =>
            JSON.parse(tgiBody(asked, { chatTemplate: template, maxTokens: 1, stream: true })).inputs;
          const empty = messages.map((message) => ({ ...message, content: [{ text: '' }] }));
          const own = written(chatRequest({ system: [{ text: 'x' }], messages: empty }));
          const prompt = written({ ...request, system: [{ text: `${system}x` }] });
          for (const each of words) expect(prompt.split(each)).toHaveLength(own.split(each).length);
        },
      ),
    );
  });
});

it('says a seed and a penalty in TGI’s own words', () => {
  const { parameters } = bodyOf({ sampling: { seed: 7, frequencyPenalty: 0.5 } });
  expect(parameters).toMatchObject({ do_sample: true, seed: 7, frequency_penalty: 0.5 });
});
