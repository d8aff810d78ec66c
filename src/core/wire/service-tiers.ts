/**
 * What each format's word for a tier asks of Bedrock. Undefined is the standard tier: AWS serves in it what names none, so
 * that a request is bound to no target by it. Other words (`scale`, `batch`) are refused by name, since Bedrock has no such
 * tier for a call. Bedrock's own words (`priority`, `default`, `flex`, `reserved`) go as they come.
 *
 * Sources: Bedrock User Guide, service tiers; Anthropic's `auto` takes capacity that was bought from Anthropic, which
 * nobody has here, and `standard_only` takes none; OpenAI's `auto` is the project's setting, which is `default`.
 */
const tiers = {
  openai: { auto: undefined, default: undefined, flex: 'flex', priority: 'priority' },
  anthropic: { auto: undefined, standard_only: undefined },
} as const;

export type OpenAiTier = keyof (typeof tiers)['openai'];
export type AnthropicTier = keyof (typeof tiers)['anthropic'];

/** Undefined where the call names none, or the standard one. */
export function tierOfOpenAi(word: OpenAiTier | null | undefined): string | undefined {
  return word == null ? undefined : tiers.openai[word];
}

export function tierOfAnthropic(word: AnthropicTier | null | undefined): string | undefined {
  return word == null ? undefined : tiers.anthropic[word];
}
