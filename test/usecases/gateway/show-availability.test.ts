import { describe, expect, it } from 'vitest';
import { availabilitySchema } from '#contract/http.ts';
import type { Observation } from '#core/discovery/observation.ts';
import { aGateway, gatewayStart } from '#test/builders/a-gateway.ts';
import { aTarget } from '#test/builders/a-target.ts';

function anObservation(changes: Partial<Observation> = {}): Observation {
  const { id, account, region, kind, scope, modelId, reach } = aTarget(changes as never);
  const times = { since: gatewayStart - 60_000, observedAt: gatewayStart - 1000 };
  return {
    id,
    account,
    region,
    kind,
    scope,
    modelId,
    reach,
    state: 'available',
    reasons: [],
    lifecycle: 'ACTIVE',
    stale: false,
    absentLists: 0,
    ...times,
    ...changes,
  };
}

async function world() {
  const made = aGateway();
  const report = {
    account: '111111111111',
    at: gatewayStart - 1000,
    failures: [],
    completeAt: gatewayStart - 1000,
  };
  await made.observations.save({
    ...report,
    region: 'us-east-1',
    targets: [
      anObservation(),
      anObservation({
        modelId: 'someone.else-v1:0',
        id: '111111111111/us-east-1/someone.else-v1:0',
        state: 'no-agreement',
        reasons: ['agreement-not-available'],
      }),
    ],
  });
  await made.observations.save({
    ...report,
    region: 'us-west-2',
    at: gatewayStart - 3_600_000,
    targets: [anObservation({ region: 'us-west-2', observedAt: gatewayStart - 3_600_000 })],
  });
  return made;
}

describe('availability', () => {
  it('shows every observed target in the promised shape, with who can repair it', async () => {
    const { get } = await world();
    const shown = availabilitySchema.parse(await (await get('/spillway/v1/availability')).json());
    expect(shown.asOf).toBe('2026-11-21T07:00:00.000Z');
    expect(shown.stale).toBe(true);
    expect(
      shown.targets.map(({ model, region, state, stale, hint }) => [model, region, state, stale, hint.who]),
    ).toEqual([
      ['chat-small', 'us-east-1', 'available', false, 'nobody'],
      [undefined, 'us-east-1', 'no-agreement', false, 'account-owner'],
      ['chat-small', 'us-west-2', 'available', true, 'nobody'],
    ]);
  });

  it.each([
    ['model=chat-small', 2],
    ['model=someone.else-v1:0', 1],
    ['region=us-west-2', 1],
    ['account=222222222222', 0],
    ['model=chat-small&region=us-east-1&account=111111111111', 1],
  ])('is narrowed by %s', async (query, count) => {
    const { get } = await world();
    const shown = availabilitySchema.parse(await (await get(`/spillway/v1/availability?${query}`)).json());
    expect(shown.targets).toHaveLength(count);
  });

  it('does not invent an answer: an unknown model is 404, a store that fails 503', async () => {
    const { get } = await world();
    expect((await get('/spillway/v1/availability?model=nobody')).status).toBe(404);
    const broken = aGateway({
      overrides: {
        observations: { ...(await world()).observations, loadAll: () => Promise.reject(new Error('down')) },
      },
    });
    expect((await broken.get('/spillway/v1/availability')).status).toBe(503);
  });
});
