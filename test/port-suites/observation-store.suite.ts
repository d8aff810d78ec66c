/** What every ObservationStore promises. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { plainObservation, regionReport } from '#test/builders/routes.ts';
import type { ObservationStore } from '#usecases/ports/observation-store.ts';

const account = '111111111111';
const region = 'us-east-1';

/** The places that a fixture's store knows. */
export const suitePlaces = [
  { account, region },
  { account, region: 'us-west-2' },
  { account: '222222222222', region },
];

export interface ObservationStoreFixture {
  /** An empty store that knows `suitePlaces`. */
  open(): Promise<ObservationStore>;
  close(): Promise<void>;
}

const profile = plainObservation(region, {
  profileId: 'us.amazon.nova-lite-v1:0',
  scope: 'geo',
  reach: ['us-east-1', 'us-east-2'],
});
const stale = plainObservation(region, {
  modelId: 'old.model',
  stale: true,
  observedAt: 10,
  since: 5,
  reasons: ['absent-1-of-3'],
  absentLists: 1,
  endOfLifeTime: '2026-12-01T00:00:00.000Z',
});
const endpoint = plainObservation(region, {
  id: `${account}/${region}/gpu:part`,
  kind: 'sagemaker',
  scope: 'dedicated',
  modelId: 'chat-small',
  endpoint: 'gpu',
  component: 'part',
  state: 'warm',
  copies: 2,
});

export function describeObservationStore(name: string, start: () => Promise<ObservationStoreFixture>): void {
  describe(`an observation store on ${name}`, () => {
    let fixture: ObservationStoreFixture;
    let store: ObservationStore;
    beforeAll(async () => {
      fixture = await start();
    });
    afterAll(() => fixture.close());
    beforeEach(async () => {
      store = await fixture.open();
    });

    it('knows nothing of a region that never reported', async () => {
      expect(await store.load(account, region)).toBeUndefined();
      expect(await store.loadAll()).toEqual({ regions: [], badItems: 0 });
    });

    it('gives back exactly what was saved, every kind of target and member', async () => {
      const report = regionReport(region, [plainObservation(region), profile, stale, endpoint], {
        failures: ['ListInferenceProfiles: ThrottlingException'],
      });
      expect(await store.save(report)).toBe(true);
      expect(await store.load(account, region)).toEqual(report);
      expect((await store.loadAll()).regions).toEqual([report]);
    });

    it('lets the later run win, whichever writes last', async () => {
      const later = regionReport(region, [plainObservation(region, { observedAt: 2_000 })], { at: 2_000 });
      expect(await store.save(later)).toBe(true);
      expect(await store.save(regionReport(region, [], { at: 1_999 }))).toBe(false);
      expect(await store.load(account, region)).toEqual(later);
      expect(await store.save(regionReport(region, [], { at: 2_000 }))).toBe(true);
    });

    it('moves the time of fresh targets, and only of those, with a heartbeat', async () => {
      await store.save(regionReport(region, [plainObservation(region), stale]));
      await store.saveHeartbeat({
        account,
        region,
        at: 9_000,
        failures: ['ListFoundationModels: empty'],
        completeAt: 8_000,
      });
      const report = await store.load(account, region);
      expect(report).toMatchObject({
        at: 9_000,
        completeAt: 8_000,
        failures: ['ListFoundationModels: empty'],
      });
      expect(report?.targets.map((target) => target.observedAt)).toEqual([9_000, 10]);
      await store.saveHeartbeat({ account, region, at: 8_999, failures: [] });
      expect(await store.load(account, region)).toEqual(report);
    });

    it('keeps what Service Quotas said, also through heartbeats, which do not carry it', async () => {
      const zero = [
        { pool: 'on-demand', modelId: 'some.model', reasons: ['zero-tokens-per-minute'] },
      ] as const;
      for (const quotas of [
        { askedAt: 7, zero: [] },
        { askedAt: 900, answeredAt: 800, zero },
      ]) {
        const report = regionReport(region, [plainObservation(region)], { quotas });
        await store.save(report);
        await store.saveHeartbeat({ account, region, at: 5_000, failures: [], completeAt: 5_000 });
        expect((await store.load(account, region))?.quotas).toEqual(quotas);
        expect((await store.loadAll()).regions.map((each) => each.quotas)).toEqual([quotas]);
        await store.save({ ...report, at: 6_000 });
        expect((await store.load(account, region))?.quotas).toEqual(quotas);
        store = await fixture.open();
      }
    });

    it('lets a report follow a heartbeat', async () => {
      await store.save(regionReport(region, [plainObservation(region)]));
      await store.saveHeartbeat({ account, region, at: 5_000, failures: ['x: y'] });
      const next = regionReport(region, [stale], { at: 6_000, completeAt: 6_000 });
      await store.save(next);
      expect(await store.load(account, region)).toEqual(next);
    });

    it('keeps accounts and regions apart', async () => {
      for (const place of suitePlaces)
        await store.save(regionReport(place.region, [], { account: place.account, at: 3_000 }));
      const { regions } = await store.loadAll();
      expect(regions.map((each) => `${each.account}/${each.region}`).sort()).toEqual(
        suitePlaces.map((place) => `${place.account}/${place.region}`).sort(),
      );
    });

    it('ignores a heartbeat of a region that never reported', async () => {
      await store.saveHeartbeat({ account, region, at: 1, failures: [] });
      expect(await store.load(account, region)).toBeUndefined();
      expect(await store.loadAll()).toEqual({ regions: [], badItems: 0 });
    });
  });
}
