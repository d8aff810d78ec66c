import { describe, expect, it } from 'vitest';
import { resolveResidency } from '#core/residency/resolve-residency.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { anAuditedGateway, auditedRegion } from '#test/builders/an-audited-gateway.ts';
import { shippedFacts } from '#test/builders/facts.ts';
import { aSignal } from '#test/builders/scripted-invoker.ts';
import { proveResidency, type ResidencyQuestion } from '#usecases/audit-proof/prove-residency.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });
const frankfurt = aTarget({ region: 'eu-central-1' });
const us = resolveResidency('us', { jurisdictions: ['US'] }, shippedFacts);
const anywhere = resolveResidency('anywhere', { jurisdictions: 'any' }, shippedFacts);
const policies = new Map([us, anywhere].map((policy) => [policy.name, policy]));

async function world() {
  const made = await anAuditedGateway([east, west, frankfurt]);
  const prove = (changes: Partial<ResidencyQuestion> = {}) =>
    proveResidency({ ...made.trail, tenant: 'demo', facts: shippedFacts, policies, ...changes });
  return { ...made, prove };
}

describe('the proof of a residency', () => {
  it('counts every decision of the tenant, and where its words went', async () => {
    const { chat, invoker, seal, prove } = await world();
    invoker.script(east.id, { failsBefore: aSignal({ httpStatus: 503 }) });
    await chat();
    await chat({ model: 'gpt-99' });
    await chat({}, { 'x-spillway-residency': 'eu' });
    await seal(3);
    const proof = await prove();
    expect(proof).toMatchObject({ proven: true, decisions: 3, violationsFound: 0, unreadable: 0 });
    expect(proof.residencies).toEqual([
      { residency: 'eu', decisions: 1, unsent: 1, boundOtherwise: 1, regions: [] },
      {
        residency: 'us',
        decisions: 2,
        unsent: 1,
        boundOtherwise: 0,
        regions: [
          { region: 'us-east-1', called: 1, reached: 1 },
          { region: 'us-west-2', called: 1, reached: 1 },
        ],
      },
    ]);
    expect(await prove({ tenant: 'somebody-else' })).toMatchObject({ proven: false, isNothing: true });
  });

  it('finds a call that left its residency, whatever the gateway thought of it', async () => {
    const { chat, seal, prove } = await world();
    await chat();
    await seal(1, (record) => ({
      ...record,
      attempts: (record.attempts as object[]).map((attempt) => ({
        ...attempt,
        region: 'eu-central-1',
        reach: ['us-east-1'],
      })),
    }));
    expect(await prove()).toMatchObject({
      proven: false,
      violationsFound: 1,
      violations: [{ id: 'request-1', residency: 'us', where: east.id, offending: ['eu-central-1'] }],
    });
  });

  it('proves nothing where a record was changed, or is missing', async () => {
    const { chat, seal, prove, segments } = await world();
    await chat();
    await chat();
    await seal(2);
    expect(await prove()).toMatchObject({ proven: true });
    const [key = '', text = ''] = [...segments.texts][0] ?? [];
    segments.texts.set(key, text.replace('"answered"', '"cancelled"'));
    expect(await prove()).toMatchObject({ proven: false, violationsFound: 0 });
    segments.texts.delete(key);
    expect(await prove()).toMatchObject({ proven: false, decisions: 0, chains: [{ region: auditedRegion }] });
  });

  it('proves nothing where a record cannot be read', async () => {
    const { chat, seal, prove } = await world();
    await chat();
    await seal(1, (record) => ({ ...record, schema: 99 }));
    expect(await prove()).toMatchObject({ proven: false, unreadable: 1, decisions: 0 });
    expect(await prove({ tenant: 'somebody-else' })).toMatchObject({ isNothing: true, unreadable: 0 });
  });

  it('tells decisions that a residency bound which means something else today, and judges them by what it meant', async () => {
    const { chat, seal, prove } = await world();
    await chat();
    await seal(1);
    const narrower = { name: 'us', allowed: new Set(['us-west-2']) };
    expect(await prove({ policies: new Map([['us', narrower]]) })).toMatchObject({
      proven: true,
      residencies: [{ residency: 'us', boundOtherwise: 1 }],
    });
  });

  it('looks at a period alone', async () => {
    const { chat, seal, prove, clock } = await world();
    await chat();
    const between = clock.now() + 1_000;
    clock.advance(5_000);
    await chat();
    await seal(2);
    expect(await prove({ from: between })).toMatchObject({ decisions: 1 });
    expect(await prove({ to: between })).toMatchObject({ decisions: 1, proven: true });
    expect(await prove({ from: between, to: between })).toMatchObject({ decisions: 0 });
  });
});
