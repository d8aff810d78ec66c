/** The arrivals and the statistics together against what queueing theory knows exactly. */
import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '#core/units/random.ts';
import { instantSampler } from '#simulator/arrivals/generated-source.ts';
import { exponentialSampler } from '#simulator/arrivals/samplers.ts';
import { meanInterval } from '#simulator/statistics/intervals.ts';
import { LogHistogram } from '#simulator/statistics/log-histogram.ts';
import { TimeWeighted } from '#simulator/statistics/time-weighted.ts';

const SERVICE_MS = 1_000;

/** First come, first served by the server that is free first; arrivals begin after the queue has settled. */
function run(servers: number, load: number, seed: number) {
  const untilMs = 12_000_000;
  const random = createSeededRandom(`queue ${seed}`);
  const instants = instantSampler({ rate: { perSecond: servers * load }, untilMs }, random);
  const service = exponentialSampler(random);
  const freeAtMs = Array.from({ length: servers }, () => 0);
  const waits = new LogHistogram();
  const changes: { atMs: number; by: number }[] = [];
  for (let atMs = instants(); atMs < untilMs; atMs = instants()) {
    const server = freeAtMs.indexOf(Math.min(...freeAtMs));
    const beginMs = Math.max(atMs, freeAtMs[server] ?? 0);
    freeAtMs[server] = beginMs + SERVICE_MS * service();
    waits.add(beginMs - atMs);
    if (beginMs > atMs) changes.push({ atMs, by: 1 }, { atMs: beginMs, by: -1 });
  }
  changes.sort((left, right) => left.atMs - right.atMs || right.by - left.by);
  const queue = new TimeWeighted(0, 0, [0]);
  for (const { atMs, by } of changes) queue.set(atMs, queue.value + by);
  const endMs = changes.at(-1)?.atMs ?? untilMs;
  return { waits, queueMean: queue.average(endMs) };
}

/** Erlang's C: the share that waits. */
function erlangC(servers: number, load: number): number {
  const offered = servers * load;
  let term = 1;
  let sum = 0;
  for (let n = 0; n < servers; n += 1) {
    sum += term;
    term *= offered / (n + 1);
  }
  const last = term / (1 - load);
  return last / (sum + last);
}

describe('queues with an exact answer', () => {
  it.each([
    [1, 0.5],
    [1, 0.8],
    [4, 0.7],
    [16, 0.9],
  ])('%d servers at a load of %d wait as Erlang says', (servers, load) => {
    const runs = [1, 2, 3, 4].map((seed) => run(servers, load, seed));
    const delayed = erlangC(servers, load);
    const waitMs = (delayed * SERVICE_MS) / (servers * (1 - load));
    const told = meanInterval(
      runs.map(({ waits }) => waits.mean),
      0.9999,
    );
    expect(told.low).toBeLessThan(waitMs);
    expect(told.high).toBeGreaterThan(waitMs);
    expect(told.value / waitMs).toBeGreaterThan(0.85);
    expect(told.value / waitMs).toBeLessThan(1.15);
    const all = new LogHistogram();
    for (const { waits } of runs) all.merge(waits);
    expect(all.shareAbove(0.001)).toBeCloseTo(delayed, 1);
    // P(W > t) = C · exp(−c(1 − ρ)t/s), so that the wait of a share is known as well.
    const p99 = (Math.log(delayed / 0.01) * SERVICE_MS) / (servers * (1 - load));
    expect((all.quantile(0.99) ?? 0) / p99).toBeGreaterThan(0.8);
    expect((all.quantile(0.99) ?? 0) / p99).toBeLessThan(1.2);
    // Little's law: the queue's length over time is the rate times the wait.
    const length = runs.reduce((sum, { queueMean }) => sum + queueMean, 0) / runs.length;
    expect(length / ((servers * load * told.value) / SERVICE_MS)).toBeCloseTo(1, 1);
  });
});
