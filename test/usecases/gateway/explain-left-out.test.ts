import { describe, expect, it } from 'vitest';
import { createMemoryObservationStore } from '#adapters/memory/memory-observation-store.ts';
import { explanationSchema } from '#contract/http.ts';
import { aStartedGateway, gatewayStart } from '#test/builders/a-gateway.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { anObservation } from '#test/builders/an-observation.ts';
import type { GatewayDependencies } from '#usecases/gateway/create-gateway.ts';

const frankfurt = aTarget({ account: '222222222222', region: 'eu-central-1' });
const body = { model: 'chat-small', messages: [{ role: 'user', content: 'x' }] };

const world = (overrides: Partial<GatewayDependencies>) =>
  aStartedGateway([frankfurt, aTarget()], { overrides });

describe('targets that discovery knows and the route left out', () => {
  const stockholm = { account: '222222222222', region: 'eu-north-1' };
  const global = { profileId: 'global.amazon.nova-lite-v1:0', scope: 'global', reach: ['*'] } as const;
  const regions = [
    {
      account: '111111111111',
      region: 'us-east-1',
      at: gatewayStart - 1000,
      failures: [],
      targets: [
        anObservation(),
        anObservation(global),
        anObservation({ modelId: 'someone.else-v1:0', reach: ['eu-west-1'] }),
      ],
    },
    {
      ...stockholm,
      at: gatewayStart - 1000,
      failures: [],
      targets: [
        anObservation(stockholm),
        anObservation({ ...stockholm, ...aDedicatedTarget({ ...stockholm, endpoint: 'nobodys' }) }),
      ],
    },
    {
      account: '222222222222',
      region: 'eu-central-1',
      at: gatewayStart - 1000,
      failures: [],
      targets: [anObservation({ account: '222222222222', region: 'eu-central-1' })],
    },
  ];
  const forbidden = (target: string) => ({ target, by: 'residency', code: 'residency-forbidden' });
  const named = [
    forbidden(frankfurt.id),
    forbidden('111111111111/us-east-1/global.amazon.nova-lite-v1:0'),
    forbidden('222222222222/eu-north-1/amazon.nova-lite-v1:0'),
  ];
  const observing = (loadAll: GatewayDependencies['observations']['loadAll']) => ({
    observations: { ...createMemoryObservationStore(), loadAll },
  });
  const removedIn = async ({ post }: Awaited<ReturnType<typeof world>>, residency = 'us') => {
    const response = await post('/spillway/v1/explain', body, { 'x-spillway-residency': residency });
    expect(response.status).toBe(200);
    return explanationSchema.parse(await response.json()).removed;
  };

  it('are named with the residency that forbids them, each once', async () => {
    const made = await world(observing(async () => ({ regions, badItems: 0 })));
    expect(await removedIn(made)).toEqual(named);
    expect(await removedIn(made, 'anywhere')).toEqual([]);
    expect(made.invoker.calls).toEqual([]);
  });

  it('are read once in five seconds', async () => {
    let reads = 0;
    const store = observing(async () => {
      reads += 1;
      return { regions: reads === 1 ? [] : regions, badItems: 0 };
    });
    const made = await world(store);
    expect(await removedIn(made)).toEqual([forbidden(frankfurt.id)]);
    made.clock.advance(4999);
    expect(await removedIn(made)).toEqual([forbidden(frankfurt.id)]);
    made.clock.advance(1);
    expect(await removedIn(made)).toEqual(named);
    expect(reads).toBe(2);
  });

  it.each([
    ['fails', () => Promise.reject(new Error('down'))],
    ['hangs', () => new Promise<never>(() => undefined)],
  ])('are left unsaid while the table %s', async (_, loadAll) => {
    const made = await world(observing(loadAll));
    const before = made.clock.now();
    expect(await removedIn(made)).toEqual([forbidden(frankfurt.id)]);
    expect(made.clock.now() - before).toBeLessThanOrEqual(500);
  });
});
