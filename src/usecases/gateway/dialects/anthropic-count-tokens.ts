import { readAnthropicHeaders } from '#contract/anthropic-headers.ts';
import { anthropicCountTokensSchema, refusedAnthropicFields } from '#contract/anthropic-messages.ts';
import { bodyViolations } from '#contract/body-violations.ts';
import { chatRequestOfAnthropic } from '#core/wire/anthropic/chat-request-of-anthropic.ts';
import { anthropicErrors } from './anthropic-errors.ts';
import type { Dialect } from './dialect.ts';

/** POST /v1/messages/count_tokens: what the messages would cost on their way in. */
export const anthropicCountTokens: Dialect = {
  errors: anthropicErrors,
  read: (body, _path, headers) => {
    const { betas, violations } = readAnthropicHeaders(headers);
    const parsed = anthropicCountTokensSchema.safeParse(body);
    if (!parsed.success) {
      const wrong = bodyViolations(parsed.error.issues, refusedAnthropicFields);
      return { ok: false, violations: [...violations, ...wrong] };
    }
    const translated = chatRequestOfAnthropic(parsed.data, betas);
    if (!translated.ok) return { ok: false, violations: [...violations, ...translated.violations] };
    if (violations.length > 0) return { ok: false, violations };
    return {
      ok: true,
      work: {
        kind: 'count-tokens',
        request: translated.request,
        writer: {
          whole: ({ requestId }, inputTokens) => ({
            body: { input_tokens: inputTokens },
            headers: { 'request-id': requestId },
          }),
        },
      },
    };
  },
};
