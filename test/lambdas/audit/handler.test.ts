import type { Context, SQSEvent } from 'aws-lambda';
import { expect, it } from 'vitest';
import { createAuditHandler } from '#lambdas/audit/handler.ts';
import type { AuditMessage } from '#usecases/audit/seal-messages.ts';

const event = (...bodies: readonly string[]) =>
  ({ Records: bodies.map((body, index) => ({ messageId: `id-${index}`, body })) }) as unknown as SQSEvent;

it('seals all of an event at once, and says which records have to come again', async () => {
  const seen: (readonly AuditMessage[])[] = [];
  const handler = createAuditHandler(async () => ({
    async seal(messages) {
      seen.push(messages);
      return messages.flatMap(({ id, body }) => (body === 'bad' ? [id] : []));
    },
  }));
  const answer = await handler(event('good', 'bad'), {} as Context);
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'id-1' }] });
  expect(seen).toEqual([
    [
      { id: 'id-0', body: 'good' },
      { id: 'id-1', body: 'bad' },
    ],
  ]);
});

it('starts with the next event where it could not start with one', async () => {
  let starts = 0;
  const handler = createAuditHandler(async () => {
    starts += 1;
    if (starts === 1) throw new Error('not yet');
    return { seal: async () => [] };
  });
  await expect(handler(event('x'), {} as Context)).rejects.toThrow('not yet');
  expect(await handler(event('x'), {} as Context)).toEqual({ batchItemFailures: [] });
  await handler(event('x'), {} as Context);
  expect(starts).toBe(2);
});
