import { expect, it } from 'vitest';
import { batchMessageSchema } from '#contract/batch-messages.ts';

const order = {
  ...{ kind: 'call', tenant: 'demo', batch: 'batch_1', chunk: 0 },
  ...{ offset: 0, bytes: 10, firstLine: 1, lines: 1 },
};

it('holds names and numbers, and drops anything else', () => {
  expect(batchMessageSchema.parse({ ...order, prompt: 'Say hello' })).toEqual(order);
  for (const broken of [{ ...order, lines: 0 }, { ...order, kind: 'sing' }, { ...order, tenant: '' }, 'x'])
    expect(batchMessageSchema.safeParse(broken).success).toBe(false);
});
