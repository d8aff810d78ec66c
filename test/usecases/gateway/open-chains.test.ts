import { expect, it } from 'vitest';
import { createMemoryLearnedStore } from '#adapters/memory/memory-learned-store.ts';
import { aStartedGateway } from '#test/builders/a-gateway.ts';
import { aTarget } from '#test/builders/a-target.ts';
import type { GatewayDependencies } from '#usecases/gateway/create-gateway.ts';

const traced = { traceparent: `00-${'a'.repeat(32)}-00000000000000ab-01` };

it.each([
  [
    'that serves many requests tells what it saw, and counts chains with their requests',
    { servesMany: true },
    1,
    true,
  ],
  ['of many asks the table what it saw', {}, 1, false],
  ['without a table tells nobody', { learned: undefined }, undefined, true],
] as const)(
  'a process %s',
  async (_, changes: Partial<GatewayDependencies>, chains, isCountedWithRequests) => {
    const learned = createMemoryLearnedStore();
    const { chat, gateway, records } = await aStartedGateway([aTarget()], {
      overrides: { learned, chainMetrics: { chainCalled: () => undefined }, ...changes },
    });
    await chat({}, traced);
    await gateway.settled();
    const stored = await learned.load('demo');
    expect(typeof stored === 'object' ? stored.learned.chains.size : undefined).toBe(chains);
    expect(records.map(({ chain }) => chain !== undefined)).toEqual([isCountedWithRequests]);
  },
);
