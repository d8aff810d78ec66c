import { describe, expect, it } from 'vitest';
import { newBatch } from '#core/batch/batch.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { lineAnswerOf, requestOfLine, tenantOf } from '#usecases/batch/line-request.ts';

const batch = newBatch(
  {
    tenant: 'demo',
    id: 'batch_1',
    endpoint: '/v1/chat/completions',
    inputFile: 'file-1',
    inputKey: 'files/demo/file-1',
    residency: 'eu',
    scopes: { residencies: ['eu', 'moon'], models: ['chat-small'] },
    metadata: undefined,
  },
  0,
);
const tenant = { name: 'demo', residencies: ['eu'], models: ['*'] };
const signal = new AbortController().signal;

describe('a line as a request', () => {
  it('is asked for its tenant, under the residency of the batch, in the lane of bulk, with its body', async () => {
    const line = { customId: 'a', model: 'chat-small', body: { model: 'chat-small', messages: [] } };
    const request = requestOfLine(batch, line, { tenant, signal, traceparent: '00-a-b-01' });
    expect(request.url).toBe('http://batch.invalid/v1/chat/completions');
    expect(request.tenant).toBe(tenant);
    expect(Object.fromEntries(request.headers)).toEqual({
      'content-type': 'application/json',
      'x-spillway-residency': 'eu',
      'x-spillway-lane': 'bulk',
      traceparent: '00-a-b-01',
    });
    const parts = [];
    for await (const part of request.body ?? []) parts.push(Buffer.from(part).toString());
    expect(parts).toEqual(['{"model":"chat-small","messages":[]}']);
  });

  it('may use what both the configuration of today and the key of then allow, and nothing of a tenant that is gone', () => {
    const config = acmeConfig();
    expect(tenantOf(config, batch)).toEqual({ name: 'demo', residencies: ['eu'], models: ['chat-small'] });
    expect(tenantOf(config, { ...batch, tenant: 'gone' })).toEqual({
      name: 'gone',
      residencies: [],
      models: [],
    });
  });
});

describe('an answer to a line', () => {
  const answer = (status: number, headers: Record<string, string> = {}) =>
    lineAnswerOf({ status, headers: new Map(Object.entries(headers)), body: '{}' });

  it.each([
    [200, 'result'],
    [400, 'result'],
    [403, 'result'],
    [404, 'result'],
    [413, 'result'],
    [421, 'result'],
    [429, 'not-now'],
    [503, 'not-now'],
    [499, 'left'],
    [500, 'failed'],
    [502, 'failed'],
    [504, 'failed'],
  ])('of status %i is a %s', async (status, kind) => {
    expect((await answer(status)).kind).toBe(kind);
  });

  it('says when to come back, and who answered', async () => {
    expect(await answer(429, { 'retry-after-ms': '2500' })).toEqual({ kind: 'not-now', retryAfterMs: 2500 });
    expect(await answer(503, { 'retry-after-ms': 'soon' })).toEqual({ kind: 'not-now', retryAfterMs: 1000 });
    expect(await answer(200, { 'x-spillway-request-id': 'r' })).toMatchObject({ requestId: 'r', body: '{}' });
  });
});
