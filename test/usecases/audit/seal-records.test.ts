import { describe, expect, it } from 'vitest';
import { createMemoryChainHeadStore } from '#adapters/memory/memory-chain-head-store.ts';
import { createMemorySegmentStore } from '#adapters/memory/memory-segment-store.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import type { HandedRecord } from '#core/audit/handed-record.ts';
import { aHandedRecord, chainName } from '#test/builders/a-chain.ts';
import { createSealer } from '#usecases/audit/seal-records.ts';
import { verifyTrail } from '#usecases/audit/verify-trail.ts';
import type { ChainHeadStore } from '#usecases/ports/chain-head-store.ts';
import type { SegmentStore } from '#usecases/ports/segment-store.ts';

const clock = { now: () => Date.UTC(2026, 10, 21, 9) };
const lock = { mode: 'governance', until: '2027-11-21T00:00:00.000Z' } as const;

function aRegion() {
  const segments = createMemorySegmentStore({ clock, lock });
  const heads = createMemoryChainHeadStore();
  const told: string[] = [];
  const log = { write: (_level: string, event: string) => void told.push(event) };
  const options = { chain: chainName, digest: cryptoDigest, clock, log };
  return {
    ...{ segments, heads, told },
    aSealer: (changes: { segments?: SegmentStore; heads?: ChainHeadStore } = {}) =>
      createSealer({ ...options, segments, heads, ...changes }),
    async verify() {
      const numbers: string[] = [];
      const onRecord = ({ writer, number }: HandedRecord) => void numbers.push(`${writer} ${number}`);
      const report = await verifyTrail({ ...options, segments, heads, onRecord });
      return { report, numbers };
    },
  };
}

const records = (from: number, to: number): HandedRecord[] =>
  Array.from({ length: to - from + 1 }, (_, index) => aHandedRecord(from + index));
const numbersOf = (handed: readonly HandedRecord[]): string[] =>
  handed.map(({ writer, number }) => `${writer} ${number}`).sort();

/** Fails at the so-many-th step of a sealer, before it is done or after. */
function dying(region: ReturnType<typeof aRegion>, at: number, when: 'before' | 'after') {
  let steps = 0;
  const step = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    steps += 1;
    if (steps === at && when === 'before') throw new Error('killed');
    const value = await work();
    if (steps === at) throw new Error('killed');
    return value;
  };
  const { segments, heads } = region;
  return {
    segments: {
      create: (key, text) => step(() => segments.create(key, text)),
      read: (key) => step(() => segments.read(key)),
      list: () => segments.list(),
    } satisfies SegmentStore,
    heads: {
      load: () => step(() => heads.load()),
      move: (from, to) => step(() => heads.move(from, to)),
    } satisfies ChainHeadStore,
    isOver: () => steps < at,
  };
}

describe('sealing records', () => {
  it('makes a segment of each call, in the order of their time, and moves the head', async () => {
    const region = aRegion();
    const sealer = region.aSealer();
    await sealer.seal(records(1, 3).reverse());
    await sealer.seal(records(4, 5));
    const { report, numbers } = await region.verify();
    expect(report).toMatchObject({ findings: [], records: 5, segments: 2, afterHead: 0 });
    expect(numbers).toEqual(records(1, 5).map(({ writer, number }) => `${writer} ${number}`));
    expect(await region.heads.load()).toMatchObject({ sequence: 5, segment: 4 });
    expect(region.told).toEqual(['audit-segment-sealed', 'audit-segment-sealed']);
  });

  it('drops what was sealed before, in this call, by this sealer or by one before it', async () => {
    const region = aRegion();
    const sealer = region.aSealer();
    await sealer.seal([...records(1, 3), ...records(1, 3)]);
    await sealer.seal(records(2, 5));
    await region.aSealer().seal(records(1, 5));
    const { report, numbers } = await region.verify();
    expect(report).toMatchObject({ findings: [], sealedTwice: [], segments: 2 });
    expect(numbers.sort()).toEqual(numbersOf(records(1, 5)));
  });

  it('takes two decisions of one id for two, whoever chose the id', async () => {
    const region = aRegion();
    const [one, other] = records(1, 2) as [HandedRecord, HandedRecord];
    await region.aSealer().seal([one, { ...other, record: { ...other.record, id: one.record.id } }]);
    expect((await region.verify()).report.records).toBe(2);
  });

  it('seals each record once and breaks no chain, wherever a sealer dies, and however often', async () => {
    const batches = [records(1, 3), records(4, 4), records(5, 9)];
    let deaths = 0;
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; ; at += 1) {
        const region = aRegion();
        await region.aSealer().seal(records(10, 11));
        const mortal = dying(region, at, when);
        const sealer = region.aSealer(mortal);
        for (const batch of batches) {
          await sealer.seal(batch).catch(async () => {
            deaths += 1;
            // What was not taken off the queue comes again, to somebody new.
            await region.aSealer().seal(batch);
          });
        }
        const { report, numbers } = await region.verify();
        expect(report).toMatchObject({ findings: [], sealedTwice: [], afterHead: 0 });
        expect(numbers.sort()).toEqual(numbersOf(records(1, 11)));
        if (mortal.isOver()) break;
      }
    }
    // Load, create and move of each batch, at least, before and after.
    expect(deaths).toBeGreaterThanOrEqual(2 * 3 * batches.length);
  });

  it('makes one chain of what many sealers seal at a time', async () => {
    const region = aRegion();
    const sealers = Array.from({ length: 5 }, () => region.aSealer());
    const all = records(1, 100);
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => sealers[index % 5]?.seal(all.slice(index * 5, index * 5 + 5))),
    );
    const { report, numbers } = await region.verify();
    expect(report).toMatchObject({ findings: [], sealedTwice: [], afterHead: 0, segments: 20 });
    expect(numbers.sort()).toEqual(numbersOf(all));
  });

  it('begins no second chain where the head is gone and anything was ever sealed', async () => {
    const region = aRegion();
    for (let index = 0; index < 3; index += 1)
      await region.aSealer().seal(records(index * 2 + 1, index * 2 + 2));
    const heads = createMemoryChainHeadStore();
    const seal = () => region.aSealer({ heads }).seal(records(7, 8));
    await expect(seal()).rejects.toThrow(/the head is gone/);
    for (const key of region.segments.texts.keys()) region.segments.hidden.add(key);
    await expect(seal()).rejects.toThrow(/the head is gone/);
    const [first = '', ...others] = region.segments.texts.keys();
    for (const key of others) region.segments.texts.delete(key);
    await expect(seal()).rejects.toThrow(/the head is gone/);
    expect(region.told.filter((event) => event === 'audit-head-missing')).toHaveLength(3);
    expect(await heads.load()).toBeUndefined();
    // One segment alone that nobody touched is what a sealer left that died before it could make the head.
    region.segments.hidden.delete(first);
    await seal();
    expect(await heads.load()).toMatchObject({ sequence: 4, segment: 3 });
  });

  it('goes on where others began while it looked', async () => {
    const region = aRegion();
    for (const each of [1, 2, 3]) await region.aSealer().seal(records(each, each));
    let loads = 0;
    const late: ChainHeadStore = {
      load: async () => {
        loads += 1;
        return loads === 1 ? undefined : region.heads.load();
      },
      move: (from, to) => region.heads.move(from, to),
    };
    await region.aSealer({ heads: late }).seal(records(4, 4));
    expect((await region.verify()).report).toMatchObject({ findings: [], records: 4 });
  });

  it('fails rather than follow a segment that does not follow the head', async () => {
    const region = aRegion();
    await region.aSealer().seal(records(1, 2));
    const foreign = aRegion();
    await foreign.aSealer().seal(records(5, 6));
    await foreign.aSealer().seal(records(1, 2));
    const key = 'segments/000000000000003.jsonl';
    region.segments.texts.set(key, foreign.segments.texts.get(key) ?? '');
    await expect(region.aSealer().seal(records(3, 3))).rejects.toThrow(/does not follow the head/);
  });

  it('goes on where a segment is gone, and says so', async () => {
    const region = aRegion();
    await region.aSealer().seal(records(1, 2));
    region.segments.texts.clear();
    await region.aSealer().seal(records(3, 3));
    expect(region.told).toContain('audit-segment-missing');
    const [finding] = (await region.verify()).report.findings;
    expect(finding).toMatchObject({ kind: 'segment-missing', sequence: 1, lastSequence: 2 });
  });
});
