import { describe, expect, it } from 'vitest';
import { readInvokeHeaders } from '#contract/bedrock-invoke-headers.ts';

const read = (headers: Record<string, string>) => readInvokeHeaders(new Headers(headers));

describe('the headers of InvokeModel', () => {
  it('say nothing where there are none, nor where they say that it is JSON', () => {
    const none = { options: undefined, violations: [] };
    expect(read({})).toEqual(none);
    const json = { 'X-Amzn-Bedrock-Accept': 'application/json', 'x-amzn-bedrock-content-type': '*/*' };
    expect(read({ ...json, 'x-amz-date': 'x' })).toEqual(none);
  });

  it('carry what Converse has in its body', () => {
    expect(
      read({
        'X-Amzn-Bedrock-GuardrailIdentifier': 'g-1',
        'X-Amzn-Bedrock-GuardrailVersion': '2',
        'X-Amzn-Bedrock-Trace': 'ENABLED_FULL',
        'X-Amzn-Bedrock-Service-Tier': 'flex',
        'X-Amzn-Bedrock-PerformanceConfig-Latency': 'optimized',
        'X-Amzn-Bedrock-Request-Metadata': '{"team":"a"}',
      }),
    ).toEqual({
      options: {
        guardrail: { identifier: 'g-1', version: '2', trace: 'enabled_full' },
        serviceTier: 'flex',
        performanceLatency: 'optimized',
        requestMetadata: { team: 'a' },
      },
      violations: [],
    });
  });

  it.each([
    [{ 'x-amzn-bedrock-guardrailversion': '1' }, 'x-amzn-bedrock-guardrailidentifier'],
    [{ 'x-amzn-bedrock-guardrailidentifier': 'g' }, 'x-amzn-bedrock-guardrailversion'],
    [{ 'x-amzn-bedrock-trace': 'yes' }, 'x-amzn-bedrock-trace'],
    [{ 'x-amzn-bedrock-service-tier': 'gold' }, 'x-amzn-bedrock-service-tier'],
    [{ 'x-amzn-bedrock-performanceconfig-latency': 'fast' }, 'x-amzn-bedrock-performanceconfig-latency'],
    [{ 'x-amzn-bedrock-request-metadata': '[1]' }, 'x-amzn-bedrock-request-metadata'],
    [{ 'x-amzn-bedrock-request-metadata': '{"a":1}' }, 'x-amzn-bedrock-request-metadata'],
    [{ 'x-amzn-bedrock-request-metadata': '{' }, 'x-amzn-bedrock-request-metadata'],
    [{ 'x-amzn-bedrock-accept': 'image/png' }, 'x-amzn-bedrock-accept'],
    [{ 'x-amzn-bedrock-new-thing': '1' }, 'x-amzn-bedrock-new-thing'],
  ])('are refused by name: %j', (headers: Record<string, string>, path) => {
    expect(read(headers).violations.map((violation) => violation.path)).toEqual([path]);
  });
});
