import { openAiError } from '#core/wire/openai/error-body.ts';
import type { ErrorFormat } from './dialect.ts';

/** OpenAI's errors: every OpenAI path, and the gateway's own. */
export const openAiErrors: ErrorFormat = {
  body: ({ gateways, ...error }) => {
    const body = openAiError(error);
    return gateways === undefined ? body : { error: { ...body.error, gateways }, gateways };
  },
  headers: () => ({}),
};
