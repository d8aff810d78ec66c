import { expect, it } from 'vitest';
import { openAiErrors } from '#usecases/gateway/dialects/openai-errors.ts';

const error = { status: 421, code: 'wrong_gateway_region', message: 'no', requestId: 'r' } as const;

it("has OpenAI's shape, and the lawful gateways where clients and people look for them", () => {
  const gateways = [{ region: 'eu-central-1', url: 'http://127.0.0.1:4001' }];
  const plain = { message: 'no', type: 'invalid_request_error', param: null, code: 'wrong_gateway_region' };
  expect(openAiErrors.body(error)).toEqual({ error: plain });
  expect(openAiErrors.body({ ...error, gateways })).toEqual({ error: { ...plain, gateways }, gateways });
});
