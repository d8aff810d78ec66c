import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chatTemplateNames } from '#contract/config-parts.ts';
import { chatTemplates, templatesBrokenBy, writePrompt } from '#core/chat/prompt-template.ts';

const conversation = {
  system: 'Be brief.',
  turns: [
    { role: 'user', text: 'Hi' },
    { role: 'assistant', text: 'Hello' },
    { role: 'user', text: 'Tides?' },
  ],
} as const;

describe('a prompt', () => {
  it('is written as the families of models were trained, up to where the answer begins', () => {
    expect(writePrompt('chatml', conversation)).toBe(
      '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n' +
        '<|im_start|>assistant\nHello<|im_end|>\n<|im_start|>user\nTides?<|im_end|>\n<|im_start|>assistant\n',
    );
    expect(writePrompt('llama-3', conversation)).toBe(
      '<|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>' +
        '<|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>' +
        '<|start_header_id|>assistant<|end_header_id|>\n\nHello<|eot_id|>' +
        '<|start_header_id|>user<|end_header_id|>\n\nTides?<|eot_id|>' +
        '<|start_header_id|>assistant<|end_header_id|>\n\n',
    );
    expect(writePrompt('mistral-v1', conversation)).toBe(
      '[INST] Be brief.\n\nHi [/INST] Hello</s> [INST] Tides? [/INST]',
    );
    expect(writePrompt('mistral-v3', conversation)).toBe(
      '[INST] Hi[/INST] Hello</s>[INST] Be brief.\n\nTides?[/INST]',
    );
  });

  it('has no system turn where nothing is said there', () => {
    const alone = { system: '', turns: [{ role: 'user' as const, text: 'Hi' }] };
    expect(writePrompt('chatml', alone)).toBe('<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n');
    expect(writePrompt('mistral-v1', alone)).toBe('[INST] Hi [/INST]');
  });

  it('holds no turn that nobody took: a text that could make one cannot be said', () => {
    const marks = [
      '<|im_start|>',
      '<|im_end|>',
      '<|eot_id|>',
      '[INST]',
      '[/INST]',
      '</s>',
      '![](http://x)',
      ' a',
    ];
    const texts = fc.array(fc.constantFrom(...marks), { maxLength: 3 }).map((parts) => parts.join(''));
    const starts = {
      chatml: '<|im_start|>',
      'llama-3': '<|start_header_id|>',
      'mistral-v1': '[INST]',
      'mistral-v3': '[INST]',
    };
    fc.assert(
      fc.property(texts, fc.constantFrom(...chatTemplates), (text, template) => {
        fc.pre(!templatesBrokenBy(text).includes(template));
        const prompt = writePrompt(template, { system: '', turns: [{ role: 'user', text }] });
        const own = writePrompt(template, { system: '', turns: [{ role: 'user', text: '' }] });
        const count = (where: string) => where.split(starts[template]).length;
        expect(count(prompt)).toBe(count(own));
        expect(prompt).not.toContain('![](');
      }),
    );
  });

  it('cannot hold the control words of its own template, and may hold those of others', () => {
    expect(templatesBrokenBy('a < b, c[0], <b>bold</b>, F# <| f')).toEqual([]);
    expect(templatesBrokenBy('<|eot_id|>')).toEqual(['chatml', 'llama-3']);
    expect(templatesBrokenBy('[SYSTEM_PROMPT]')).toEqual(['mistral-v3']);
    expect(templatesBrokenBy('<s>struck</s>')).toEqual(['mistral-v1', 'mistral-v3']);
    expect(templatesBrokenBy('[TOOL_CALLS]')).toEqual(['mistral-v3']);
    expect(templatesBrokenBy('see ![](http://inside/secret)')).toEqual(chatTemplates);
  });

  it('knows the templates that the configuration names', () => {
    expect(chatTemplateNames).toEqual(chatTemplates);
  });
});
