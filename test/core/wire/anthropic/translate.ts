import type { AnthropicBody } from '#core/wire/anthropic/anthropic-body.ts';
import { chatRequestOfAnthropic } from '#core/wire/anthropic/chat-request-of-anthropic.ts';

const body: AnthropicBody = {
  model: 'chat-large',
  max_tokens: 4096,
  messages: [{ role: 'user', content: 'hello' }],
};

/** The canonical request of a small body with these changes. @throws when it is refused */
export function requestOf(changes: Partial<AnthropicBody> = {}, betas: readonly string[] = []) {
  const translated = chatRequestOfAnthropic({ ...body, ...changes }, betas);
  if (!translated.ok) throw new Error(JSON.stringify(translated.violations));
  return translated.request;
}

/** The paths that are wrong, in the order in which they are told. */
export function pathsOf(changes: Partial<AnthropicBody>): readonly string[] {
  const translated = chatRequestOfAnthropic({ ...body, ...changes });
  return translated.ok ? [] : translated.violations.map(({ path }) => path);
}
