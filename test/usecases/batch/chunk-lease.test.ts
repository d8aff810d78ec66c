import { describe, expect, it } from 'vitest';
import { type Chunk, doneWith, takeChunk } from '#core/batch/chunk.ts';
import { noUsage } from '#core/batch/line-usage.ts';
import { houseError } from '#core/errors/catalogue.ts';
import { aBatchRegion } from '#test/builders/a-batch-region.ts';
import { ChunkLease, LeaseLost } from '#usecases/batch/chunk-lease.ts';

async function aLease() {
  const { services, clock } = aBatchRegion();
  const claim = { batch: 'batch_1', index: 0, holder: 'one', at: clock.now(), leaseMs: 6_000 };
  const taking = takeChunk(undefined, claim);
  if (taking.kind !== 'taken') throw new Error('a new chunk is free');
  await services.store.saveChunk(taking.chunk, clock.now());
  const standing = async (): Promise<Chunk | undefined> => services.store.loadChunk('batch_1', 0);
  return { services, clock, claim, chunk: taking.chunk, standing };
}

describe('the lease of a chunk', () => {
  it('is due again after a third of it, and not once it was renewed', async () => {
    const { services, clock, chunk } = await aLease();
    const lease = new ChunkLease(services, chunk);
    clock.advance(1_999);
    expect(lease.isDue).toBe(false);
    clock.advance(1);
    expect(lease.isDue).toBe(true);
    await lease.hold({ begun: [1] });
    expect(lease.isDue).toBe(false);
  });

  it('writes what was begun before anything begins, and that nothing is when it is let go', async () => {
    const { services, chunk, standing } = await aLease();
    const lease = new ChunkLease(services, chunk);
    await lease.hold({ begun: [1, 2] });
    expect(await standing()).toMatchObject({ begun: [1, 2], holder: 'one' });
    await lease.letGo(false);
    expect(await standing()).toMatchObject({ begun: [], postponements: 1 });
    expect((await standing())?.holder).toBeUndefined();
  });

  it('holds on where a write was done and its answer lost', async () => {
    const { services, chunk, standing } = await aLease();
    let lost = 1;
    const saveChunk = async (changed: Chunk, at: number): Promise<boolean> => {
      const written = await services.store.saveChunk(changed, at);
      lost -= 1;
      if (lost >= 0) throw houseError('timed_out', { message: 'no answer' });
      return written;
    };
    const lease = new ChunkLease({ ...services, store: { ...services.store, saveChunk } }, chunk);
    await lease.hold({ begun: [5] });
    await lease.hold({ begun: [6] });
    expect(await standing()).toMatchObject({ begun: [6], revision: 3 });
  });

  it('is lost to whoever took the chunk over, and nothing is written then', async () => {
    const { services, clock, claim, chunk, standing } = await aLease();
    const later = takeChunk(chunk, { ...claim, holder: 'two', at: clock.now() + 10_000 });
    if (later.kind !== 'taken') throw new Error('it ran out');
    await services.store.saveChunk(later.chunk, 0);
    const lease = new ChunkLease(services, chunk);
    await expect(lease.hold({ begun: [1] })).rejects.toThrow(LeaseLost);
    const made = { part: 'mine', completed: 1, failed: 0, expired: 0, ...noUsage };
    await expect(lease.save(doneWith(chunk, made), (each) => doneWith(each, made))).rejects.toThrow(
      LeaseLost,
    );
    expect((await standing())?.part).toBeUndefined();
  });

  it('gives up where the store never answers', async () => {
    const { services, chunk } = await aLease();
    const saveChunk = () => Promise.reject(houseError('throttled', { message: 'slow down' }));
    const lease = new ChunkLease({ ...services, store: { ...services.store, saveChunk } }, chunk);
    await expect(lease.hold({ begun: [1] })).rejects.toMatchObject({ code: 'throttled' });
  });
});
