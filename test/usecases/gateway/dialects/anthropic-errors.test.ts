import { expect, it } from 'vitest';
import { anthropicErrors } from '#usecases/gateway/dialects/anthropic-errors.ts';

const error = { status: 421, code: 'wrong_gateway_region', message: 'no', requestId: 'r' } as const;

it("has Anthropic's shape, its request id in body and header, and the lawful gateways", () => {
  const gateways = [{ region: 'eu-central-1', url: 'http://127.0.0.1:4001' }];
  const plain = {
    type: 'invalid_request_error',
    message: 'no',
    code: 'wrong_gateway_region',
    details: { error_code: 'wrong_gateway_region' },
  };
  expect(anthropicErrors.body(error)).toEqual({ type: 'error', error: plain, request_id: 'r' });
  expect(anthropicErrors.body({ ...error, gateways })).toMatchObject({ error: { ...plain, gateways } });
  expect(anthropicErrors.headers(error)).toEqual({ 'request-id': 'r' });
});
