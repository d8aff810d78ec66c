import { describe, expect, it } from 'vitest';
import { type Batch, COMPLETION_WINDOW_MS, cancelled } from '#core/batch/batch.ts';
import { aBatchRegion, chatLinesNamed, type GatewayScript } from '#test/builders/a-batch-region.ts';
import { changeBatch } from '#usecases/batch/batch-services.ts';
import { ask } from '#usecases/batch/create-batch.ts';
import { finishBatch } from '#usecases/batch/finish-batch.ts';

const conditions = { signal: new AbortController().signal, mustEnd: () => false };

async function cancelAfter(count: number, milliseconds: number, script: GatewayScript) {
  const region = aBatchRegion({ script });
  const batch = await region.start(chatLinesNamed(count));
  const dispatcher = region.dispatch();
  await region.clock.sleep(milliseconds);
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
    const found = await cancelAfter(500, 3_000, () => ({ afterMs: 400 }));
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
