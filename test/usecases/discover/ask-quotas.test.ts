import { beforeEach, describe, expect, it } from 'vitest';
import type { ControlWorld } from '#test/builders/control-world.ts';
import { plainModel } from '#test/builders/fake-region.ts';
import { openSmallWorld, smallAccount, smallId, smallModel } from '#test/builders/small-world.ts';
import { askQuotas } from '#usecases/discover/ask-quotas.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const region = 'us-east-1';
const quotaName = 'On-demand model inference tokens per minute for Amazon Nova Lite';

let world: ControlWorld;
const fake = () => world.region(smallAccount, region);
const asked = (): number => fake().calls.filter((call) => call === 'listQuotas').length;
const discover = () => world.discover(smallAccount, region);
const stateOf = async (): Promise<string | undefined> => {
  const report = await world.dependencies.observations.load(smallAccount, region);
  return report?.targets.find((each) => each.id === smallId(region))?.state;
};
/** A run a minute for so long, as the scheduler does; answers how often Service Quotas was asked. */
async function runFor(durationMs: number): Promise<number> {
  const before = asked();
  for (let passed = 0; passed < durationMs; passed += minuteMs) {
    world.clock.advance(minuteMs);
    await discover();
  }
  return asked() - before;
}

beforeEach(async () => {
  world = await openSmallWorld();
  fake().models.set(smallModel, plainModel(smallModel, { provider: 'Amazon', name: 'Nova Lite' }));
});

describe('Service Quotas', () => {
  it('is asked in the first run, and then once a day', async () => {
    expect(asked()).toBe(1);
    expect(await runFor(23 * hourMs)).toBe(0);
    expect(await runFor(hourMs)).toBe(1);
    expect(await runFor(23 * hourMs)).toBe(0);
  });

  it('is asked every hour while a quota is zero, so that a repaired one routes again within the hour', async () => {
    fake().quotas.set(quotaName, 0);
    await runFor(24 * hourMs);
    expect(await stateOf()).toBe('quota-zero');
    expect(await runFor(3 * hourMs)).toBe(3);
    await world.plan();
    expect(await world.targetIds('chat', 'us')).not.toContain(smallId(region));
    const route = await world.dependencies.routes.load('chat', 'us');
    expect(route?.reason).toContain('quota-zero: zero-tokens-per-minute');
    fake().quotas.set(quotaName, 1);
    await runFor(hourMs);
    expect(await stateOf()).toBe('available');
    await world.plan();
    expect(await world.targetIds('chat', 'us')).toContain(smallId(region));
    expect(await runFor(23 * hourMs)).toBe(0);
  });

  it.each(['throttled', 'access_denied', 'hang'] as const)(
    'that fails (%s) keeps the last answer, costs nothing else and is asked again after an hour',
    async (failure) => {
      fake().quotas.set(quotaName, 0);
      await runFor(24 * hourMs);
      fake().failing.set('listQuotas', failure);
      fake().quotas.set(quotaName, 1);
      world.clock.advance(hourMs);
      const outcome = await discover();
      expect(outcome.failures).toHaveLength(1);
      expect(outcome.failures[0]).toMatch(/^ListServiceQuotas: /);
      expect(outcome.durationMs).toBeLessThanOrEqual(20_000);
      expect(outcome.observations?.completeAt).toBe(outcome.observations?.at);
      expect(await stateOf()).toBe('quota-zero');
      fake().failing.clear();
      const before = asked();
      world.clock.advance(59 * minuteMs);
      expect((await discover()).failures).toEqual([]);
      expect(asked()).toBe(before);
      world.clock.advance(minuteMs);
      await discover();
      expect(await stateOf()).toBe('available');
    },
  );

  it('is not asked while the list of models says nothing', async () => {
    fake().emptied.add('listModels');
    world.clock.advance(24 * hourMs);
    const before = asked();
    await discover();
    expect(asked()).toBe(before);
    fake().emptied.clear();
    await discover();
    expect(asked()).toBe(before + 1);
  });

  it('that answers an empty list has answered nothing', async () => {
    fake().quotas.set(quotaName, 0);
    await runFor(24 * hourMs);
    fake().emptied.add('listQuotas');
    world.clock.advance(hourMs);
    expect((await discover()).failures).toEqual(['ListServiceQuotas: empty']);
    expect(await stateOf()).toBe('quota-zero');
  });

  it('has its asking kept by a run that changed nothing else', async () => {
    expect(await runFor(24 * hourMs)).toBe(1);
    const outcome = await discover();
    expect(outcome.kind).toBe('unchanged');
    expect(asked()).toBe(2);
  });
});

describe('the pages', () => {
  const { signal } = new AbortController();
  const askAlways = async <T>(call: (signal: AbortSignal) => Promise<T>) =>
    ({ ok: true, value: await call(signal) }) as const;

  it('are read to the last one', async () => {
    for (let index = 0; index < 5; index += 1) fake().quotas.set(`quota ${index}`, index);
    const answer = await askQuotas(fake().quotaInventory, askAlways);
    expect(answer).toMatchObject({ ok: true });
    if (answer.ok) expect(answer.value.map((row) => row.name)).toEqual([...fake().quotas.keys()]);
  });

  it('fail as a whole where one fails', async () => {
    for (let index = 0; index < 5; index += 1) fake().quotas.set(`quota ${index}`, index);
    let calls = 0;
    const answer = await askQuotas(fake().quotaInventory, async (call) => {
      calls += 1;
      return calls === 2 ? { ok: false, failure: 'ThrottlingException' } : await askAlways(call);
    });
    expect(answer).toEqual({ ok: false, failure: 'ThrottlingException' });
  });

  it('fail where they never end', async () => {
    const endless = { listQuotas: async () => ({ quotas: [], nextToken: 'more' }) };
    expect(await askQuotas(endless, askAlways)).toEqual({ ok: false, failure: 'EndlessPages' });
  });
});
