import type { WorkNeeds } from '#core/call/work.ts';

export type NeedsOfChat = Extract<WorkNeeds, { readonly work: 'chat' | 'count-tokens' }>;

/** Of a chat of a few words, which any target can answer. */
export const fewNeeds: NeedsOfChat = {
  work: 'chat',
  input: ['TEXT'],
  tools: false,
  documents: false,
  reasoning: false,
  jsonSchema: false,
  streaming: false,
  features: [],
  bedrockOnly: false,
  anthropicOnly: false,
  effort: false,
  forbidsTools: false,
  guardrail: false,
  pricedOtherwise: false,
  inputTokensMin: 3,
};
