import { expect, it } from 'vitest';
import { recordedChatFeatures } from '#contract/audit-decision.ts';
import { auditRecordSchema } from '#contract/audit-record.ts';
import { chatFeatureNames } from '#core/chat/chat-feature.ts';

const record = {
  schema: 1,
  kind: 'call',
  id: 'request-1',
  requestId: 'request-1',
  at: '2026-11-21T08:00:00.000Z',
  endedAt: '2026-11-21T08:00:01.000Z',
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  tenant: 'demo',
  region: 'eu-central-1',
  account: '111111111111',
  residency: 'eu',
  versions: { code: '0.1.0', config: 'c'.repeat(64), facts: 'f'.repeat(64) },
  candidates: [],
  scorers: [],
  decisions: [],
  decisionsMade: 0,
  attempts: [],
  outcome: 'invalid_request',
};

const override = {
  ...{ kind: 'disable', candidate: 0, region: 'us-east-1', until: '2026-11-21T09:00:00.000Z' },
  ...{ since: '2026-11-21T07:00:00.000Z', orderId: 'b7e2' },
};

it('takes the least that a record says, of the first schema too', () => {
  expect(auditRecordSchema.parse(record)).toEqual(record);
  const second = { ...record, schema: 2, overrides: [override] };
  expect(auditRecordSchema.parse(second)).toEqual(second);
});

it.each([
  ['a member that nobody promised', { prompt: 'hello' }],
  ['a later schema', { schema: 3 }],
  ['who gave an order', { overrides: [{ ...override, by: 'Erika' }] }],
  ['a sentence where a word should be', { outcome: 'it went well' }],
  ['text where an id should be', { tenant: 'Erika Mustermann' }],
  ['a region that is none', { region: 'the moon' }],
])('refuses %s', (_, changes) => {
  expect(auditRecordSchema.safeParse({ ...record, ...changes }).success).toBe(false);
});

it('takes every feature that a decision of the product may speak of', () => {
  expect([...recordedChatFeatures].sort()).toEqual([...chatFeatureNames].sort());
});
