import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '#core/units/random.ts';
import { VirtualTime } from '#simulator/engine/virtual-time.ts';
import { ColdPool } from '#simulator/serving/cold-pool.ts';
import { DedicatedEndpoint } from '#simulator/serving/dedicated-endpoint.ts';
import { ModelledServing } from '#simulator/serving/modelled-serving.ts';
import { OnDemandPool } from '#simulator/serving/on-demand-pool.ts';
import { QuotaPool } from '#simulator/serving/quota-pool.ts';
import type { ServingBackend } from '#simulator/serving/serving-backend.ts';
import type { ServedCall, ServingListener } from '#simulator/world/serving.ts';

/** A call of 10 tokens in and 101 out takes 1,020 ms alone. */
const engine = {
  blocks: 1_000,
  sequencesMax: 8,
  batchTokensMax: 2_048,
  promptChunkMax: 2_048,
  prefillTokensPerSecond: 1_000,
  iterationMs: 10,
  batchKnee: 10,
};
const scaling = {
  copiesMin: 1,
  copiesMax: 1,
  targetConcurrencyPerCopy: 2,
  scaleOutMs: 258_000,
  wakeMs: 303_000,
  scaleInMs: 900_000,
};
const dedicated = () => new DedicatedEndpoint({ engine, scaling, lookMs: 10_000 });
const startMs = Date.UTC(2026, 10, 22);

/** What a listener is told, at milliseconds from the beginning. */
function worldOf(backend: ServingBackend) {
  const time = new VirtualTime(startMs);
  const serving = new ModelledServing(time, () => backend);
  const told: string[] = [];
  const listenerOf = (name: string): ServingListener => {
    const tell = (what: string) => told.push(`${name} ${what} at ${Math.round(time.elapsedMs)}`);
    return {
      left: () => tell('left'),
      wrote: (tokens) => tell(`wrote ${tokens}`),
      finished: () => tell('finished'),
      failed: ({ errorName }) => tell(`failed by ${errorName}`),
    };
  };
  const target = { id: 'gpu' } as unknown as ServedCall['target'];
  const begin = (name: string, call: Partial<ServedCall> = {}) =>
    serving.begin(
      { target, inputTokens: 10, outputTokens: 101, maxTokens: 4_096, ...call },
      listenerOf(name),
    );
  return { time, told, begin };
}

describe('calls of a world behind modelled backends', () => {
  it('leave, begin with one token, and bring the rest when they are done', async () => {
    const { time, told, begin } = worldOf(dedicated());
    begin('a');
    expect(told).toEqual(['a left at 0']);
    await time.run();
    expect(told.slice(1)).toEqual(['a wrote 1 at 20', 'a wrote 100 at 1020', 'a finished at 1020']);
  });

  it('bring what is written at least every few seconds, and no more than their caller allows', async () => {
    const { time, told, begin } = worldOf(dedicated());
    begin('a', { outputTokens: 5_000, maxTokens: 1_001 });
    await time.run();
    const pieces = told.filter((each) => each.includes('wrote')).map((each) => Number(each.split(' ')[2]));
    expect(pieces).toEqual([1, 400, 400, 200]);
    expect(told.at(-1)).toBe('a finished at 10020');
  });

  it('are refused in AWS’s words a moment later, unless their caller has gone', async () => {
    const pool = new ColdPool({
      engine,
      copiesMax: 1,
      coldStartMs: 90_000,
      idleToColdMs: 300_000,
      windowMs: 300_000,
      growAt: { requestsPerCopy: 4, forMs: 60_000 },
    });
    const { time, told, begin } = worldOf(pool);
    begin('a');
    begin('b').abort();
    time.at(startMs + 95_000, () => begin('c'));
    await time.run(startMs + 100_000);
    expect(told.filter((each) => !each.includes('left'))).toEqual([
      'a failed by ModelNotReadyException at 30',
      'c wrote 1 at 95020',
      'c wrote 100 at 96020',
      'c finished at 96020',
    ]);
  });

  it('hear nothing after they were left, and make room for others', async () => {
    const { time, told, begin } = worldOf(
      new DedicatedEndpoint({ engine: { ...engine, sequencesMax: 1 }, scaling, lookMs: 10_000 }),
    );
    const first = begin('a', { outputTokens: 1_000 });
    begin('b');
    time.at(startMs + 500, () => first.abort());
    await time.run();
    first.abort();
    expect(told.filter((each) => !each.includes('left'))).toEqual([
      'a wrote 1 at 20',
      'b wrote 1 at 520',
      'b wrote 100 at 1520',
      'b finished at 1520',
    ]);
  });

  it('all end by a day that no fraction of a millisecond fits', async () => {
    const random = createSeededRandom(3);
    const pool = new OnDemandPool({
      quota: new QuotaPool({ requestsPerMinute: 1e9, tokensPerMinute: 1e12, outputBurndown: 1 }),
      firstTokenMs: { medianMs: 600, sigma: 0.8 },
      promptTokenMs: 0.05,
      tokenMs: { medianMs: 16.7, sigma: 0.3 },
      shortages: [],
      random,
    });
    for (const backend of [
      pool,
      new DedicatedEndpoint({ engine: { ...engine, iterationMs: 10.137 }, scaling, lookMs: 10_000 }),
    ]) {
      const { time, told, begin } = worldOf(backend);
      let atMs = startMs;
      for (let index = 0; index < 300; index += 1) {
        atMs += 300 * random.next();
        time.at(atMs, () => {
          const call = begin(String(index), { inputTokens: 1 + Math.floor(900 * random.next()) });
          if (index % 5 === 0) time.after(1_000 * random.next(), () => call.abort());
        });
      }
      await time.run();
      const finished = told.filter((each) => each.includes('finished')).length;
      expect(finished).toBeGreaterThanOrEqual(240);
      expect(backend.inFlight).toBe(0);
    }
  });
});
