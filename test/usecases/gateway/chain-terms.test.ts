import { describe, expect, it } from 'vitest';
import { createMemoryLearnedStore } from '#adapters/memory/memory-learned-store.ts';
import type { CarriedTerms } from '#core/chain/carried-terms.ts';
import { aStartedGateway } from '#test/builders/a-gateway.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import type { LearnedStore } from '#usecases/ports/learned-store.ts';

const trace = { traceparent: `00-${'a'.repeat(32)}-00000000000000ab-01` };

async function world(bend: Partial<LearnedStore> = {}, termsFromTable = true) {
  const memory = createMemoryLearnedStore();
  let asked = 0;
  const store: LearnedStore = { ...memory, ...bend };
  const learned: LearnedStore = {
    ...store,
    begin: (beginning) => {
      asked += 1;
      return store.begin(beginning);
    },
  };
  const config = acmeConfig({
    tenants: { demo: { residencies: ['us'], lanes: ['standard', 'bulk'], lane: 'standard' } },
    chains: { termsFromTable },
  });
  const open = () =>
    aStartedGateway([aTarget()], {
      config,
      overrides: { learned },
    });
  return { one: await open(), other: await open(), asked: () => asked };
}

describe('a call of a trace that its process has not seen', () => {
  it('runs under the terms of the first one, wherever that was', async () => {
    const { one, other, asked } = await world();
    await one.chat({}, { ...trace, 'x-spillway-lane': 'bulk', 'x-spillway-deadline-ms': '5000' });
    other.clock.advance(4_000);
    expect((await other.chat({}, trace)).status).toBe(200);
    other.clock.advance(1_000);
    expect((await other.chat({}, trace)).status).toBe(504);
    expect([...one.records, ...other.records].map(({ lane, chain }) => [lane, chain?.isFirst])).toEqual([
      ['bulk', true],
      ['bulk', false],
      ['bulk', false],
    ]);
    expect(asked()).toBe(2);
  });

  it.each([
    ['it names no trace', {}, true],
    ['the caller brings the terms', { ...trace, tracestate: 'spillway=1;bulk;-' }, true],
    ['the configuration does not ask for it', trace, false],
  ])('does not ask where %s', async (_, headers: Record<string, string>, termsFromTable) => {
    const { one, asked } = await world({}, termsFromTable);
    expect((await one.chat({}, headers)).status).toBe(200);
    expect(asked()).toBe(0);
  });

  it.each<[string, () => Promise<CarriedTerms | undefined>]>([
    ['is away', () => Promise.reject(new Error('the table is away'))],
    ['hangs', () => new Promise(() => undefined)],
    ['names a lane that is not the tenant’s', async () => ({ lane: 'interactive', until: 0 })],
  ])('begins a chain by itself where the table %s', async (_, begin) => {
    const { one } = await world({ begin });
    expect((await one.chat({}, trace)).status).toBe(200);
    expect(one.records.map(({ lane, chain }) => [lane, chain?.isFirst])).toEqual([['standard', true]]);
  });
});
