import { describe, expect, it } from 'vitest';
import { bodyViolations } from '#contract/body-violations.ts';
import { openAiChatSchema, refusedOpenAiFields } from '#contract/openai-chat.ts';

const messages = [{ role: 'user', content: 'hello' }];

function violations(body: unknown) {
  const parsed = openAiChatSchema.safeParse(body);
  return parsed.success ? [] : bodyViolations(parsed.error.issues, refusedOpenAiFields);
}

describe('what is wrong with a body', () => {
  it.each(Object.entries(refusedOpenAiFields))('names %s and why it is not supported', (field, reason) => {
    expect(violations({ model: 'm', messages, [field]: 1 })).toEqual([
      { path: field, message: `is not supported: ${reason}` },
    ]);
  });

  it('names unknown members wherever they stand, in print only', () => {
    expect(violations({ model: 'm', messages: [{ ...messages[0], 'a\nb': 1 }] })).toEqual([
      { path: 'messages[0].a?b', message: 'is not known here; leave it out' },
    ]);
  });

  it('looks into the branch of a choice that was meant', () => {
    const parts = [
      { type: 'text', text: 'a' },
      { type: 'text', text: 7 },
    ];
    expect(
      violations({ model: 'm', messages: [{ role: 'user', content: parts }] }).map(({ path }) => path),
    ).toEqual(['messages[0].content[1].text']);
    const choice = { type: 'function', function: { name: 'a b' } };
    expect(violations({ model: 'm', messages, tool_choice: choice }).map(({ path }) => path)).toEqual([
      'tool_choice.function.name',
    ]);
  });

  it('counts any number of complaints', () => {
    const parts = Array.from({ length: 200_000 }, () => 0);
    expect(violations({ model: 'm', messages: [{ role: 'user', content: parts }] })).toHaveLength(200_000);
  });

  it('says where a value fits no branch at all', () => {
    expect(violations({ model: 'm', messages, stop: 7 }).map(({ path }) => path)).toEqual(['stop']);
    expect(violations(7).map(({ path }) => path)).toEqual(['']);
  });
});
