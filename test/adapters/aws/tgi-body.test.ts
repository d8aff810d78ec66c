import { describe, expect, it } from 'vitest';
import { tgiBody } from '#adapters/aws/tgi-body.ts';
import type { ChatRequest } from '#core/chat/chat-request.ts';
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
