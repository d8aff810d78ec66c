import { describe, expect, it } from 'vitest';
import { auditRecordSchema } from '#contract/audit-record.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { anAuditedGateway } from '#test/builders/an-audited-gateway.ts';
import { shippedFacts } from '#test/builders/facts.ts';
import { aSignal } from '#test/builders/scripted-invoker.ts';
import { type ReplayQuestion, replayTrail } from '#usecases/audit-proof/replay-trail.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });
const frankfurt = aTarget({ region: 'eu-central-1' });

async function world(disabled: Parameters<typeof anAuditedGateway>[2] = []) {
  const made = await anAuditedGateway([east, west, frankfurt], undefined, disabled);
  const replay = (changes: Partial<ReplayQuestion> = {}) =>
    replayTrail({
      ...made.trail,
      facts: shippedFacts,
      baselines: [],
      versions: made.audit.versions(),
      routes: { loadVersion: async () => made.route },
      ...changes,
    });
  return { ...made, replay };
}

/** An answer, a failover, and a refusal. */
async function threeRequests() {
  const made = await world();
  await made.chat();
  made.invoker.script(east.id, { failsBefore: aSignal({ httpStatus: 503 }) });
  await made.chat();
  await made.chat({ model: 'gpt-99' });
  return made;
}

describe('replaying a trail', () => {
  it('makes every decision again, those of refusals and of failovers too', async () => {
    const { seal, replay } = await threeRequests();
    await seal(3);
    expect(await replay()).toMatchObject({
      same: true,
      records: 3,
      replayed: 3,
      differences: [],
      undecided: {},
      notKept: 0,
    });
  });

  it('makes those again that operators had a hand in, and names their orders and not them', async () => {
    const { audit, chat, seal, replay } = await world([
      {
        ...{ target: east.id, by: 'Erika Mustermann', reason: 'PLANTED', orderId: 'order-1' },
        ...{ since: '2026-11-20T08:00:00.000Z', until: '2027-11-21T08:00:00.000Z' },
      },
    ]);
    await chat();
    await seal(1);
    const [line = ''] = audit.lines;
    const { candidates, overrides, answeredBy } = auditRecordSchema.parse(JSON.parse(line));
    const place = candidates.findIndex(({ target }) => target === east.id);
    expect(overrides).toEqual([
      {
        ...{ kind: 'disable', candidate: place, region: 'us-east-1', orderId: 'order-1' },
        ...{ since: '2026-11-20T08:00:00.000Z', until: '2027-11-21T08:00:00.000Z' },
      },
    ]);
    expect(answeredBy).not.toBe(place);
    expect(line).not.toMatch(/Erika|PLANTED/);
    expect(await replay()).toMatchObject({ same: true, replayed: 1 });
  });

  it('makes those of the first schema again', async () => {
    const { seal, replay } = await threeRequests();
    await seal(3, (record) => ({ ...record, schema: 1 }));
    expect(await replay()).toMatchObject({ same: true, records: 3, unreadable: 0 });
  });

  it('says which decision comes out otherwise, and where', async () => {
    const { seal, replay } = await threeRequests();
    await seal(3, (record) =>
      JSON.parse(JSON.stringify(record).replace('"removed":[{"candidate":0', '"removed":[{"candidate":1')),
    );
    const { same, differences } = await replay();
    expect(same).toBe(false);
    expect(differences[0]).toMatchObject({
      id: 'request-1',
      decision: 0,
      path: 'answer.removed[0].candidate',
    });
  });

  it('says nothing of decisions by a route that is kept no more', async () => {
    const { seal, replay } = await threeRequests();
    await seal(3);
    const other = { ...aRoute({ version: 2, targets: [west] }), checksum: 'e'.repeat(64) };
    for (const found of [undefined, other])
      expect(await replay({ routes: { loadVersion: async () => found } })).toMatchObject({
        same: false,
        replayed: 0,
        undecided: { 'route-gone': 3 },
        routesGone: [{ model: 'chat-small', version: 1, checksum: expect.stringMatching(/^[0-9a-f]{64}$/) }],
      });
  });

  it('blames no decision for what was changed since', async () => {
    const { seal, replay, audit } = await threeRequests();
    await seal(3);
    const facts = { ...shippedFacts, jurisdictionsOf: () => [], countryOf: () => undefined };
    const changed = await replay({ facts, versions: { ...audit.versions(), facts: '1'.repeat(64) } });
    expect(changed).toMatchObject({ same: false, differencesFound: 0 });
    expect(changed.undecided['facts-changed']).toBeGreaterThan(0);
    expect(await replay({ facts })).toMatchObject({ same: false, undecided: {} });
  });
});
