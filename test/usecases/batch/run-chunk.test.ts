import { describe, expect, it, vi } from 'vitest';
import type { CallOrder } from '#contract/batch-messages.ts';
import { aBatchRegion, chatLinesNamed, type GatewayScript } from '#test/builders/a-batch-region.ts';
import { loadPlan, readBatchFile } from '#usecases/batch/read-batch-file.ts';
import { runChunk } from '#usecases/batch/run-chunk.ts';

async function chunks(count: number, script: GatewayScript = () => ({})) {
  const region = aBatchRegion({ script });
  const batch = await region.start(chatLinesNamed(count));
  await readBatchFile(region.desk, { tenant: 'demo', batch: batch.id });
  const plan = await loadPlan(region.desk.objects, batch.id);
  const orders = plan.map(
    (range, chunk): CallOrder => ({ kind: 'call', tenant: 'demo', batch: batch.id, chunk, ...range }),
  );
  const [first] = orders;
  if (first === undefined) throw new Error('there is a chunk');
  return { ...region, batch, orders, first };
}

const conditions = { signal: new AbortController().signal, mustEnd: () => false };

describe('a chunk that is run', () => {
  it('has one result for each line, and leaves nothing but them', async () => {
    const { services, first, batch, desk, calls } = await chunks(10);
    expect(await runChunk(services, first, conditions)).toEqual({ kind: 'done' });
    expect(await desk.store.loadChunk(batch.id, 0)).toMatchObject({ completed: 10, failed: 0, begun: [] });
    expect(await desk.objects.list(`work/${batch.id}/lines/`)).toEqual([]);
    // Its message may come again at any time.
    expect(await runChunk(services, first, conditions)).toEqual({ kind: 'done' });
    expect(calls).toHaveLength(10);
  });

  it('counts its lines once, and what each dispatcher had it for', async () => {
    const { services, first, told, clock, batch } = await chunks(40, ({ body }, nth) => ({
      status: body.messages[0]?.content === 'line-7' ? 400 : 200,
      afterMs: nth * 100,
    }));
    expect(told).toEqual([{ at: clock.now(), model: 'chat-small', lines: 40 }]);
    const isHalfDone = () => clock.now() - batch.createdAt > 300;
    await runChunk(services, first, { ...conditions, mustEnd: isHalfDone });
    await runChunk(services, first, conditions);
    await runChunk(services, first, conditions);
    expect(told.slice(1)).toMatchObject([
      { completed: 0, failed: 0, heldMs: expect.any(Number) },
      { completed: 39, failed: 1, repeatedCalls: 0, ageSeconds: (clock.now() - batch.createdAt) / 1000 },
    ]);
  });

  it('asks for the batch to be put together when it is the last one, whichever that is', async () => {
    const { services, orders, desk } = await chunks(40 * 64);
    const asked = vi.spyOn(desk.queue, 'send');
    const counted = vi.spyOn(services.store, 'countDone');
    const [middle, ...others] = [...orders.slice(20), ...orders.slice(0, 20)];
    if (middle === undefined) throw new Error('there is a chunk');
    for (const order of others) await runChunk(services, order, conditions);
    expect(asked).not.toHaveBeenCalled();
    await runChunk(services, middle, conditions);
    expect(asked.mock.calls.map(([queue]) => queue)).toEqual(['acme-batches']);
    // Each counts its neighbours; the last ones of two neighbourhoods count all.
    expect(counted).toHaveBeenCalledTimes(40 + 2);
  });

  it('is run by one of two at a time', async () => {
    const { services, first, calls } = await chunks(10);
    const ends = await Promise.all([1, 2].map(() => runChunk(services, first, conditions)));
    expect(ends.map(({ kind }) => kind).sort()).toEqual(['done', 'later']);
    expect(calls).toHaveLength(10);
  });

  it('goes back at once where its dispatcher must end, with what it has', async () => {
    let ends = false;
    const { services, first, batch, desk } = await chunks(40, (_, nth) => {
      ends = true;
      return { afterMs: nth * 10 };
    });
    const end = await runChunk(services, first, { ...conditions, mustEnd: () => ends });
    expect(end).toEqual({ kind: 'later', delaySeconds: 0 });
    const standing = await desk.store.loadChunk(batch.id, 0);
    expect(standing).toMatchObject({ begun: [] });
    expect(standing?.holder).toBeUndefined();
    const next = await runChunk(services, first, conditions);
    expect(next.kind).toBe('done');
    expect(await desk.store.loadChunk(batch.id, 0)).toMatchObject({ completed: 40, repeatedCalls: 0 });
  });

  it('waits longer each time in a row that no line gets through', async () => {
    const { services, first } = await chunks(5, () => ({ status: 429 }));
    const delays = [];
    for (let times = 0; times < 6; times += 1) {
      const end = await runChunk(services, first, conditions);
      delays.push(end.kind === 'later' ? end.delaySeconds : 0);
    }
    expect(delays[0]).toBeLessThanOrEqual(2);
    expect(Math.max(...delays.slice(4))).toBeGreaterThan(8);
    expect(Math.max(...delays)).toBeLessThanOrEqual(60);
  });

  it('is given up with a result for each line, where nothing that had it came to an end', async () => {
    const { services, first, batch, desk, calls } = await chunks(3);
    await runChunk(services, first, { ...conditions, givesUp: true });
    expect(calls).toEqual([]);
    expect(await desk.store.loadChunk(batch.id, 0)).toMatchObject({ completed: 0, failed: 3 });
  });

  it('gives up lines whose callers died again and again, and calls the others', async () => {
    const { services, first, batch, desk, clock, calls } = await chunks(3);
    const held = { signal: conditions.signal, mustEnd: () => false };
    const never = { ...services, gateway: { answer: () => new Promise<never>(() => undefined) } };
    const poisoned = { ...never, pace: { ...never.pace, linesInFlight: 1 } };
    for (let deaths = 0; deaths < 8; deaths += 1) {
      // Dies as soon as its first line is under way: nobody hears of it any more.
      const store = { ...poisoned.store, saveChunk: poisoned.store.saveChunk };
      let saves = 0;
      store.saveChunk = async (chunk, at) => {
        saves += 1;
        const written = await services.store.saveChunk(chunk, at);
        return chunk.begun.length > 0 && saves > 1 ? new Promise<never>(() => undefined) : written;
      };
      void runChunk({ ...poisoned, store }, first, held);
      await clock.sleep(20_000);
    }
    expect((await runChunk(services, first, conditions)).kind).toBe('done');
    const done = await desk.store.loadChunk(batch.id, 0);
    expect(done).toMatchObject({ crashes: 8, completed: 2, failed: 1 });
    expect(calls).toHaveLength(2);
  });

  it('of a batch that is gone or over is nobody’s work', async () => {
    const { services, first } = await chunks(1);
    const gone = { ...first, batch: 'batch_gone' };
    expect(await runChunk(services, gone, conditions)).toEqual({ kind: 'done' });
  });
});
