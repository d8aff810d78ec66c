import { anthropicError } from '#core/wire/anthropic/error-body.ts';
import { anthropicRateHeaders } from '../rate-headers.ts';
import type { ErrorFormat } from './dialect.ts';

/** Anthropic's errors: every path under /v1/messages, and the models for clients that name Anthropic's version. */
export const anthropicErrors: ErrorFormat = {
  body: ({ gateways, ...error }) => {
    const body = anthropicError(error);
    return gateways === undefined ? body : { ...body, error: { ...body.error, gateways } };
  },
  headers: ({ requestId }) => ({ 'request-id': requestId }),
  rateHeaders: anthropicRateHeaders,
};
