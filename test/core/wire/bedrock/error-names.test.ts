import * as runtime from '@aws-sdk/client-bedrock-runtime';
import { describe, expect, it } from 'vitest';
import { gatewayErrorStatus } from '#contract/http.ts';
import { failureTable } from '#core/failures/failure-table.ts';
import { bedrockErrorName, streamExceptionName } from '#core/wire/bedrock/error-names.ts';

const upper = (name: string) => name.slice(0, 1).toUpperCase() + name.slice(1);

describe('bedrockErrorName', () => {
  it("is an exception of the SDK's for every code but those of paths that no operation has", () => {
    for (const [code, status] of Object.entries(gatewayErrorStatus)) {
      const name = bedrockErrorName({ code, status });
      if (['not_found', 'method_not_allowed'].includes(code)) expect(name).toBe('UnknownOperationException');
      else expect(Object.keys(runtime), code).toContain(name);
    }
  });

  it.each([
    ['invalid_request', 'ValidationException'],
    ['invalid_api_key', 'AccessDeniedException'],
    ['no_lawful_target', 'AccessDeniedException'],
    ['model_not_found', 'ResourceNotFoundException'],
    ['capacity_exhausted', 'ThrottlingException'],
    ['upstream_failed', 'ModelErrorException'],
    ['deadline_exceeded', 'ModelTimeoutException'],
    ['not_ready', 'ServiceUnavailableException'],
  ])('names %s %s', (code, name) => {
    expect(bedrockErrorName({ code, status: 400 })).toBe(name);
  });

  it('goes by the status where a code is new, also for names that objects inherit', () => {
    expect(bedrockErrorName({ code: 'new_code', status: 409 })).toBe('ValidationException');
    expect(bedrockErrorName({ code: 'toString', status: 503 })).toBe('InternalServerException');
  });
});

describe('streamExceptionName', () => {
  it('is a member of both of the streams for every outcome of the failure table', () => {
    for (const { outcome } of failureTable) {
      expect(Object.keys(runtime), outcome).toContain(upper(streamExceptionName(outcome)));
    }
  });

  it.each([
    ['connection-reset', 'modelStreamErrorException'],
    ['throttled', 'throttlingException'],
    ['service-unavailable', 'serviceUnavailableException'],
    ['server-error', 'internalServerException'],
  ])('makes %s a %s', (outcome, name) => {
    expect(streamExceptionName(outcome)).toBe(name);
  });
});
