import { expect, it } from 'vitest';
import { batchRequestSchema } from '#contract/openai-batches.ts';
import { checked } from '#usecases/batch/bulk-request.ts';

it('tells everything that is wrong with a body at once, by name', () => {
  const good = { input_file_id: 'file-1', endpoint: '/v1/embeddings', completion_window: '24h' };
  expect(checked(batchRequestSchema, good)).toEqual({ ok: true, value: good });
  const bad = checked(batchRequestSchema, { endpoint: '/v1/moderations', completion_window: '1h' });
  expect(bad).toMatchObject({ ok: false, refusal: { code: 'invalid_request', param: 'input_file_id' } });
  if (bad.ok) return;
  for (const name of ['input_file_id', 'endpoint', 'completion_window'])
    expect(bad.refusal.message).toContain(name);
  expect(checked(batchRequestSchema, []).ok).toBe(false);
});
