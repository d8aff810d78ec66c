import { expect, it } from 'vitest';
import { accepted, type Batch, newBatch, refusedFor } from '#core/batch/batch.ts';
import { openAiBatch } from '#core/wire/openai/batch-object.ts';

const at = 1_700_000_000_500;
const batch = newBatch(
  {
    tenant: 'demo',
    id: 'batch_1',
    endpoint: '/v1/chat/completions',
    inputFile: 'file-1',
    inputKey: 'files/demo/file-1',
    residency: 'eu',
    scopes: { residencies: ['eu'], models: ['*'] },
    metadata: { job: 'nightly' },
  },
  at,
);
const tally = {
  ...{ completed: 4, failed: 1, expired: 0, repeatedCalls: 2 },
  ...{ inputTokens: 40, cachedInputTokens: 8, outputTokens: 12, reasoningTokens: 5 },
};

it('shows a running batch as OpenAI does, with what only Spillway knows beside', () => {
  const running = accepted(batch, { model: 'chat-small', lines: 9, chunks: 1 }, at + 1000) as Batch;
  expect(openAiBatch(running, tally)).toMatchObject({
    id: 'batch_1',
    object: 'batch',
    status: 'in_progress',
    completion_window: '24h',
    created_at: 1_700_000_000,
    in_progress_at: 1_700_000_001,
    expires_at: 1_700_086_400,
    completed_at: null,
    output_file_id: null,
    errors: null,
    request_counts: { total: 9, completed: 4, failed: 1 },
    usage: {
      input_tokens: 40,
      input_tokens_details: { cached_tokens: 8 },
      output_tokens: 12,
      output_tokens_details: { reasoning_tokens: 5 },
      total_tokens: 52,
    },
    metadata: { job: 'nightly' },
    spillway: { residency: 'eu', repeated_calls: 2 },
  });
});

it('lists what is wrong with a file', () => {
  const failed = refusedFor(batch, [{ code: 'empty_file', message: 'The file has no lines.' }], at) as Batch;
  expect(openAiBatch(failed, tally).errors).toEqual({
    object: 'list',
    data: [{ code: 'empty_file', line: null, message: 'The file has no lines.', param: null }],
  });
});
