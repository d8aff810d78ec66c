/** What every LearnedStore promises. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noChains, withChain, withModel } from '#core/chain/chain-counts.ts';
import { type Learned, nothingLearned } from '#core/learned/learned.ts';
import { addLength, noLengths } from '#core/tokens/output-quantiles.ts';
import type { ChainCall, LearnedStore } from '#usecases/ports/learned-store.ts';

export interface LearnedStoreFixture {
  /** An empty store. */
  open(): Promise<LearnedStore>;
  close(): Promise<void>;
}

const at = Date.UTC(2026, 10, 21, 8);
const learned: Learned = {
  chains: new Map([['embed /v1/embeddings', withModel(withChain(noChains), 'chat')]]),
  lengths: new Map([['chat /v1/chat/completions', [1, 70, 70, 9_000].reduce(addLength, noLengths)]]),
};
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const call: ChainCall = {
  tenant: 'shop',
  traceId,
  model: 'embed',
  route: '/v1/embeddings',
  needsModel: true,
  isCold: false,
  at,
};

export function describeLearnedStore(name: string, start: () => Promise<LearnedStoreFixture>): void {
  describe(`a store of what was learned on ${name}`, () => {
    let fixture: LearnedStoreFixture;
    let store: LearnedStore;
    beforeAll(async () => {
      fixture = await start();
    });
    afterAll(() => fixture.close());
    beforeEach(async () => {
      store = await fixture.open();
    });

    it('gives back what was learned of a tenant, whole, and nothing of another one', async () => {
      expect(await store.load('shop')).toBeUndefined();
      expect(await store.save('shop', { revision: 1, learned }, { seen: undefined, at })).toBe(true);
      expect(await store.load('shop')).toEqual({ revision: 1, learned });
      expect(await store.load('bank')).toBeUndefined();
    });

    it('lets nothing stand in the place of what it was not made from', async () => {
      const save = (revision: number, seen: number | undefined) =>
        store.save('shop', { revision, learned: nothingLearned }, { seen, at });
      expect([await save(1, 7), await save(1, undefined), await save(1, undefined)]).toEqual([
        false,
        true,
        false,
      ]);
      expect([await save(2, 1), await save(2, 1), await save(3, 2)]).toEqual([true, false, true]);
    });

    it('takes one of many that write at once', async () => {
      const taken = await Promise.all(
        Array.from({ length: 8 }, () =>
          store.save('shop', { revision: 1, learned }, { seen: undefined, at }),
        ),
      );
      expect(taken.filter((written) => written)).toHaveLength(1);
    });

    it('has for all calls of a chain the terms of the one that asked first', async () => {
      const first = { model: 'embed', route: '/v1/embeddings' };
      const terms = { lane: 'bulk', until: at + 5_000, first } as const;
      const begin = (lane: 'bulk' | 'standard', of = {}) =>
        store.begin({ tenant: 'shop', traceId, terms: { ...terms, lane }, at, ...of });
      expect([await begin('bulk'), await begin('standard'), await begin('standard')]).toEqual([
        undefined,
        terms,
        terms,
      ]);
      expect(await begin('standard', { tenant: 'bank' })).toBeUndefined();
      const other = 'f'.repeat(32);
      const asked = await Promise.all(Array.from({ length: 6 }, () => begin('bulk', { traceId: other })));
      expect(asked.filter((each) => each === undefined)).toHaveLength(1);
      expect((await store.note(call))?.isFirst).toBe(true);
    });

    it('says of each call what it was in its chain', async () => {
      const first = { firstModel: 'embed', route: '/v1/embeddings', isFirst: false };
      const chat = { ...call, model: 'chat', route: '/v1/chat/completions' };
      const places = [
        await store.note(call),
        await store.note(chat),
        await store.note({ ...chat, isCold: true }),
        await store.note({ ...chat, model: 'plan', isCold: true }),
        await store.note({ ...call, needsModel: false }),
      ];
      expect(places).toEqual([
        { ...first, isFirst: true, isNewModel: false, turnedCold: false },
        { ...first, isNewModel: true, turnedCold: false },
        { ...first, isNewModel: false, turnedCold: true },
        { ...first, isNewModel: true, turnedCold: false },
        { ...first, isNewModel: false, turnedCold: false },
      ]);
    });

    it('has one first call of many that come at once, and each model once', async () => {
      const places = await Promise.all(
        Array.from({ length: 9 }, (_, index) => store.note({ ...call, model: `m${index % 3}` })),
      );
      const count = (of: 'isFirst' | 'isNewModel') => places.filter((place) => place?.[of] === true).length;
      expect([count('isFirst'), count('isNewModel')]).toEqual([1, 2]);
    });

    it('keeps chains of other tenants and traces apart', async () => {
      await store.note(call);
      const others = [
        await store.note({ ...call, tenant: 'bank' }),
        await store.note({ ...call, traceId: traceId.toUpperCase() }),
      ];
      expect(others.map((place) => place?.isFirst)).toEqual([true, true]);
    });
  });
}
