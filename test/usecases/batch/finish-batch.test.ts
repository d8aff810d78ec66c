import { describe, expect, it } from 'vitest';
import { type Batch, COMPLETION_WINDOW_MS, cancelled } from '#core/batch/batch.ts';
import { aBatchRegion, chatLinesNamed, type GatewayScript } from '#test/builders/a-batch-region.ts';
import { changeBatch } from '#usecases/batch/batch-services.ts';
import { ask } from '#usecases/batch/create-batch.ts';
import { finishBatch } from '#usecases/batch/finish-batch.ts';

const conditions = { signal: new AbortController().signal, mustEnd: () => false };

/** Once so many calls have begun. */
async function cancelAfter(count: number, calls: number, script: GatewayScript) {
  const region = aBatchRegion({ script });
  const batch = await region.start(chatLinesNamed(count));
  const dispatcher = region.dispatch();
  while (region.calls.length < calls) await region.clock.sleep(100);
  await changeBatch(region.desk.store, batch, (standing) => {
    const change = cancelled(standing, region.clock.now());
    return typeof change === 'string' ? undefined : change;
  });
  await ask(region.desk, { kind: 'finish', tenant: 'demo', batch: batch.id });
  const askedAt = region.clock.now();
  const ended = await region.end(batch);
  const tookMs = region.clock.now() - askedAt;
  await dispatcher.stop();
  return { ...region, ended, tookMs, ...(await region.output(ended)) };
}

describe('a batch that ends', () => {
  it('when it is cancelled keeps what was answered, and says of the rest that it was not called', async () => {
    const found = await cancelAfter(500, 40, () => ({ afterMs: 400 }));
    const { ended, output, errors, calls, tookMs } = found;
    expect(ended.state).toBe('cancelled');
    expect(output.length).toBeGreaterThan(0);
    expect(output.length).toBe(calls.length);
    expect(output.length + errors.length).toBe(500);
    expect(errors.every(({ error }) => error?.code === 'batch_cancelled')).toBe(true);
    const names = [...output, ...errors].map(({ custom_id }) => custom_id);
    expect(new Set(names).size).toBe(500);
    // Within one look of the dispatchers, what was under way, and one look at what they held.
    expect(tookMs).toBeLessThan(8_000);
  });

  it('when it is cancelled before it was read has no lines', async () => {
    const region = aBatchRegion();
    const batch = await region.start(chatLinesNamed(5));
    const asked = cancelled(batch, region.clock.now()) as Batch;
    await region.desk.store.saveBatch(asked);
    const dispatcher = region.dispatch();
    const ended = await region.end(batch);
    await dispatcher.stop();
    expect(ended).toMatchObject({ state: 'cancelled', lines: 0 });
    expect(region.calls).toEqual([]);
    expect((await region.desk.store.loadFile('demo', batch.inputFile))?.readers).toEqual([]);
  });

  it('when its window is over keeps what was answered, and says of the rest that it came too late', async () => {
    const region = aBatchRegion({ script: () => ({ status: region.calls.length > 30 ? 429 : 200 }) });
    const batch = await region.start(chatLinesNamed(100));
    const first = region.dispatch();
    await region.clock.sleep(5_000);
    await first.stop();
    region.clock.advance(COMPLETION_WINDOW_MS);
    const second = region.dispatch();
    const ended = await region.end(batch, 600_000);
    await second.stop();
    const { output, errors } = await region.output(ended);
    expect(ended.state).toBe('expired');
    expect(output).toHaveLength(30);
    expect(errors).toHaveLength(70);
    expect(errors.every(({ error }) => error?.code === 'batch_expired')).toBe(true);
    expect(ended.tally).toMatchObject({ completed: 30, failed: 70, expired: 70 });
  });

  it('when it is cancelled stops many chunks at a time', async () => {
    const region = aBatchRegion({ script: () => ({ afterMs: 3_600_000 }) });
    const batch = await region.start(chatLinesNamed(1_920));
    const reader = region.dispatch();
    while (region.calls.length === 0) await region.clock.sleep(100);
    await reader.stop();
    // Every call of the stores takes as long as one does in AWS.
    const slow = <Port extends object>(port: Port): Port =>
      new Proxy(port, {
        get(target, name) {
          const member: unknown = Reflect.get(target, name);
          if (typeof member !== 'function' || name === 'openWriter') return member;
          return async (...given: unknown[]) => {
            await region.clock.sleep(15);
            return member.apply(target, given);
          };
        },
      });
    const services = {
      ...region.services,
      store: slow(region.desk.store),
      objects: slow(region.desk.objects),
      queue: slow(region.desk.queue),
    };
    region.clock.advance(60_000);
    await changeBatch(region.desk.store, batch, (each) => cancelled(each, region.clock.now()) as Batch);
    const askedAt = region.clock.now();
    const end = await finishBatch(services, { tenant: 'demo', batch: batch.id }, conditions);
    expect(end).toEqual({ kind: 'done' });
    expect(region.clock.now() - askedAt).toBeLessThan(1_500);
    const ended = await region.end(batch, 0);
    const { output, errors } = await region.output(ended);
    expect([ended.state, output.length + errors.length]).toEqual(['cancelled', 1_920]);
  });

  it('without a result of each line fails after so many tries, and says why', async () => {
    const region = aBatchRegion();
    const batch = await region.start(chatLinesNamed(70));
    const { objects } = region.desk;
    const put = objects.put.bind(objects);
    // A part that lost its last line on the way.
    objects.put = (key, bytes) =>
      put(key, key.includes('/parts/00000') ? bytes.subarray(0, bytes.length - 3) : bytes);
    const dispatcher = region.dispatch();
    const ended = await region.end(batch);
    await dispatcher.stop();
    expect(ended).toMatchObject({
      state: 'failed',
      problems: [
        { code: 'batch_broken_off', message: expect.stringContaining('every line has exactly one result') },
      ],
      tally: { completed: 70 },
    });
    expect(region.lines.map(({ event }) => event)).toContain('batch-broken-off');
    expect((await region.desk.store.loadFile('demo', batch.inputFile))?.readers).toEqual([]);
    expect(region.clock.now() - ended.createdAt).toBeLessThan(30 * 60_000);
  });

  it('is put together once, however often that is asked', async () => {
    const region = aBatchRegion();
    const batch = await region.start(chatLinesNamed(70));
    const dispatcher = region.dispatch();
    const ended = await region.end(batch);
    await dispatcher.stop();
    const name = { tenant: 'demo', batch: batch.id };
    expect(await finishBatch(region.services, name, conditions)).toEqual({ kind: 'done' });
    expect(await region.desk.store.loadBatch('demo', batch.id)).toEqual(ended);
    const files = await region.desk.store.listFiles('demo', { limit: 10 });
    expect(files.items).toHaveLength(2);
    const gone = await finishBatch(region.services, { ...name, batch: 'batch_none' }, conditions);
    expect(gone).toEqual({ kind: 'done' });
  });
});
