import { expect, it } from 'vitest';
import { bedrockErrors } from '#usecases/gateway/dialects/bedrock-errors.ts';

const error = {
  status: 404,
  code: 'model_not_found',
  message: 'no',
  param: 'model',
  requestId: 'r-1',
} as const;

it("has AWS's body with the code beside the message, and its name and request id in headers", () => {
  expect(bedrockErrors.body(error)).toEqual({ message: 'no', code: 'model_not_found', param: 'modelId' });
  expect(bedrockErrors.headers(error)).toEqual({
    'x-amzn-errortype': 'ResourceNotFoundException',
    'x-amzn-requestid': 'r-1',
  });
});

it('says where the request is lawful', () => {
  const gateways = [{ region: 'eu-central-1', url: 'http://127.0.0.1:4001' }];
  const elsewhere = {
    status: 421,
    code: 'wrong_gateway_region',
    message: 'no',
    requestId: 'r',
    gateways,
  } as const;
  expect(bedrockErrors.body(elsewhere)).toEqual({ message: 'no', code: 'wrong_gateway_region', gateways });
});
