/** What every VerificationStore promises. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VerificationStore } from '#usecases/ports/verification-store.ts';

export function describeVerificationStore(
  name: string,
  start: () => Promise<{ readonly store: VerificationStore; close(): Promise<void> }>,
): void {
  describe(`a verification store on ${name}`, () => {
    let opened: Awaited<ReturnType<typeof start>>;
    beforeAll(async () => {
      opened = await start();
    });
    afterAll(() => opened.close());

    it('keeps the last proof of each target, apart from the spending', async () => {
      const { store } = opened;
      const proof = {
        target: 'a/b/c',
        at: 7,
        outcome: 'refused',
        errorName: 'AccessDeniedException',
        refusals: 2,
      } as const;
      expect([await store.loadAll(), await store.loadSpending()]).toEqual([[], undefined]);
      await store.saveSpending({ day: '2026-08-21', microUsd: 3, probes: 1 });
      await store.save({ ...proof, at: 1 });
      await store.save(proof);
      await store.save({ target: 'd', at: 2, outcome: 'answered', answeringSince: 1, refusals: 0 });
      const proofs = await store.loadAll();
      expect(proofs).toHaveLength(2);
      expect(proofs.find((each) => each.target === 'a/b/c')).toMatchObject(proof);
    });

    it('keeps the day’s spending', async () => {
      const spending = { day: '2026-08-22', microUsd: 9, probes: 4 };
      await opened.store.saveSpending(spending);
      expect(await opened.store.loadSpending()).toEqual(spending);
    });
  });
}
