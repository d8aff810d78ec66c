import { expect, it } from 'vitest';
import { anthropicMessagesSchema } from '#contract/anthropic-messages.ts';
import { openAiChatSchema } from '#contract/openai-chat.ts';
import { tierOfAnthropic, tierOfOpenAi } from '#core/wire/service-tiers.ts';

it('asks Bedrock for a tier of its own where a word means one, and for none where the standard one is meant', () => {
  const words = ['auto', 'default', 'flex', 'priority'] as const;
  expect(words.map((word) => tierOfOpenAi(word))).toEqual([undefined, undefined, 'flex', 'priority']);
  expect((['auto', 'standard_only'] as const).map((word) => tierOfAnthropic(word))).toEqual([
    undefined,
    undefined,
  ]);
  expect([tierOfOpenAi(null), tierOfOpenAi(undefined), tierOfAnthropic(undefined)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

it('has no word that the formats refuse: those are refused by name', () => {
  const messages = [{ role: 'user', content: 'Hi' }];
  const openAi = (service_tier: string) => openAiChatSchema.safeParse({ model: 'm', messages, service_tier });
  const anthropic = (service_tier: string) =>
    anthropicMessagesSchema.safeParse({ model: 'm', max_tokens: 1, messages, service_tier });
  expect(['auto', 'default', 'flex', 'priority'].map((word) => openAi(word).success)).toEqual(
    Array(4).fill(true),
  );
  expect(['auto', 'standard_only'].map((word) => anthropic(word).success)).toEqual([true, true]);
  for (const refused of [openAi('scale'), anthropic('priority'), anthropic('batch')])
    expect(refused.error?.issues[0]?.path).toEqual(['service_tier']);
});
