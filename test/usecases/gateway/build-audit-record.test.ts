import { describe, expect, it } from 'vitest';
import { AUDIT_RECORD_BYTES_MAX } from '#contract/audit-limits.ts';
import { auditRecordSchema } from '#contract/audit-record.ts';
import { decide } from '#core/decide/decide.ts';
import { unknownHealth } from '#core/health/target-health.ts';
import type { Target } from '#core/target.ts';
import { aStartedGateway } from '#test/builders/a-gateway.ts';
import { anywhere, aQuestion } from '#test/builders/a-question.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { anAuditKeeper } from '#test/builders/audit-keeper.ts';
import { answering } from '#test/builders/scripted-invoker.ts';
import { AuditNotes } from '#usecases/gateway/audit-notes.ts';
import { buildAuditRecord, type EndedRequest } from '#usecases/gateway/build-audit-record.ts';

const versions = { code: '0.1.0', config: 'c'.repeat(64), facts: 'f'.repeat(64) };
const ended: EndedRequest = {
  kind: 'call',
  requestId: 'request-1',
  at: Date.UTC(2026, 10, 21, 8),
  endedAt: Date.UTC(2026, 10, 21, 8, 0, 1),
  region: 'us-east-1',
  account: '111111111111',
  tenant: { name: 'demo', residencies: ['us'], models: ['*'] },
  isBatch: false,
  outcome: 'answered',
};

/** Everything known of so many targets, and so many decisions over them. */
function noted(count: number, decisions: number): AuditNotes {
  const regions = ['us-east-1', 'us-west-2', 'eu-central-1', 'ap-northeast-1', 'ca-central-1', 'eu-west-1'];
  const targets: readonly Target[] = Array.from({ length: count }, (_, index) =>
    aTarget({
      account: String(111_111_111_111 + Math.floor(index / regions.length)),
      region: regions[index % regions.length] ?? '',
      modelId: 'anthropic.claude-sonnet-4-5-20250929-v1:0',
    }),
  );
  const health = new Map(
    targets.map(({ id }, index) => [
      id,
      { ...unknownHealth, pace: [200], typicalFirstContentMs: 200.123_456 + index },
    ]),
  );
  const notes = new AuditNotes();
  for (let index = 0; index < decisions; index += 1) {
    const { conditions } = aQuestion();
    const question = aQuestion({ policy: anywhere, targets, conditions: { ...conditions, health } });
    const decision = decide(question);
    notes.decided(question, decision);
    if (decision.kind === 'routed') notes.asked(decision.plan[0], ended.at);
  }
  return notes;
}

const bytesOf = (count: number, decisions: number): number => {
  const record = buildAuditRecord({ ...ended, notes: noted(count, decisions), policy: anywhere }, versions);
  const line = JSON.stringify(record);
  auditRecordSchema.parse(JSON.parse(line));
  return line.length;
};

describe('the size of a record', () => {
  it('is a few kilobytes for a request over a usual route, and bounded for any', () => {
    expect(bytesOf(8, 1)).toBeLessThan(3_000);
    expect(bytesOf(24, 1)).toBeLessThan(7_000);
    expect(bytesOf(128, 1)).toBeLessThan(30_000);
    expect(bytesOf(128, 200)).toBeLessThan(AUDIT_RECORD_BYTES_MAX);
  });
});

describe('what traces a credential', () => {
  it.each([
    [
      { kind: 'key', keyId: 'k-1', label: 'Erika Mustermann' },
      { kind: 'key', keyId: 'k-1' },
    ],
    [
      { kind: 'token', issuer: 'https://issuer.test/', subjectMark: 'ab12' },
      { kind: 'token', issuer: 'https://issuer.test/', subjectMark: 'ab12' },
    ],
    [
      { kind: 'configured-key', hashStart: '0123456789ab' },
      { kind: 'configured-key', hashStart: '0123456789ab' },
    ],
    [
      { kind: 'principal', arn: 'arn:aws:iam::111111111111:role/app' },
      { kind: 'principal', arn: 'arn:aws:iam::111111111111:role/app' },
    ],
  ] as const)('%o', (credential, caller) => {
    const record = buildAuditRecord({ ...ended, tenant: { ...ended.tenant, credential } }, versions);
    expect(auditRecordSchema.parse(JSON.parse(JSON.stringify(record))).caller).toEqual(caller);
  });

  it('is the product itself for a line of a batch', () => {
    expect(buildAuditRecord({ ...ended, isBatch: true }, versions).caller).toEqual({ kind: 'batch' });
  });
});

/** Told apart from everything else, wherever a caller or a model may write. */
const planted = 'PLANTED-4111111111111111-erika.mustermann@example.com';

describe('no word of a caller or a model', () => {
  const bodies: readonly (readonly [string, string, Record<string, unknown>])[] = [
    ['a chat', '/v1/chat/completions', { messages: [{ role: 'user', content: planted }], user: planted }],
    [
      'tools, a schema and labels',
      '/v1/chat/completions',
      {
        messages: [
          { role: 'system', content: planted },
          { role: 'user', content: planted, name: 'planted' },
        ],
        tools: [{ type: 'function', function: { name: 'planted', description: planted, parameters: {} } }],
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'planted', schema: { type: 'object', properties: { [planted]: {} } } },
        },
        metadata: { planted },
        stop: [planted],
        service_tier: 'priority',
        seed: 4_111_111,
        logit_bias: { '4111': 11 },
      },
    ],
    ['a model that there is not', '/v1/chat/completions', { model: planted, messages: [] }],
    ['texts', '/v1/embeddings', { model: 'embed', input: [planted] }],
    ['no body at all', '/v1/chat/completions', { [planted]: planted }],
  ];

  it.each(bodies)('reaches the record of %s, answered or refused', async (_, path, body) => {
    const audit = anAuditKeeper();
    const east = aTarget();
    const { post, invoker } = await aStartedGateway([east], { overrides: { auditing: audit } });
    invoker.script(east.id, answering([planted]));
    const headers = {
      'x-spillway-residency': 'us',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      tracestate: `other=${planted}`,
      'user-agent': planted,
    };
    await (await post(path, { model: 'chat-small', ...body }, headers)).text();
    await (await post(path, { model: 'chat-small', ...body, stream: true }, headers)).text();
    await (await post(path, body, { ...headers, 'x-spillway-residency': planted })).text();
    await expect.poll(() => audit.lines.length).toBe(3);
    for (const line of audit.lines)
      for (const word of ['PLANTED', 'planted', '4111111', 'erika', 'sk-local', '"4111"'])
        expect(line).not.toContain(word);
    const [first] = audit.records;
    if (first?.model === 'chat-small') expect(first.traceId).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
  });
});
