import { describe, expect, it } from 'vitest';
import { type GatewayErrorCode, gatewayErrorStatus } from '#contract/http.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { answerJson, answerRefusal, labelHeaders } from '#usecases/gateway/answer.ts';

const labels = { requestId: 'request-1' };
const codes = Object.keys(gatewayErrorStatus) as readonly GatewayErrorCode[];

describe('headers', () => {
  it('are absent where there is no value', () => {
    expect([...labelHeaders(labels).keys()]).toEqual(['x-spillway-request-id']);
    expect(labelHeaders({ ...labels, attempts: 0 }).get('x-spillway-attempts')).toBe('0');
  });

  it('list a reach with commas and say everywhere with a star', () => {
    const { headers } = answerJson({}, { ...labels, target: aTarget(), reach: ['us-east-1', 'us-west-2'] });
    expect(headers.get('x-spillway-reach')).toBe('us-east-1,us-west-2');
    expect(labelHeaders({ ...labels, reach: ['*'] }).get('x-spillway-reach')).toBe('*');
  });
});

describe('a refusal', () => {
  it.each(codes)('%s has its status and OpenAI’s shape', (code) => {
    const response = answerRefusal({ code, message: 'why' }, labels);
    expect(response.status).toBe(gatewayErrorStatus[code]);
    expect(JSON.parse(String(response.body))).toEqual({
      error: { code, message: 'why', param: null, type: expect.any(String) },
    });
  });

  it('tells a client not to retry what will fail again, and when to retry what may not', () => {
    const header = (code: GatewayErrorCode) =>
      answerRefusal({ code, message: '' }, labels).headers.get('x-should-retry');
    expect(header('no_lawful_target')).toBe('false');
    expect(header('budget_exhausted')).toBe('false');
    expect(header('upstream_failed')).toBeUndefined();
    const { headers } = answerRefusal(
      { code: 'capacity_exhausted', message: '', retryAfterMs: 1200 },
      labels,
    );
    expect([headers.get('retry-after'), headers.get('retry-after-ms')]).toEqual(['2', '1200']);
  });
});
