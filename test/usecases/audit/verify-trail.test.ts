import { describe, expect, it } from 'vitest';
import { createMemoryChainHeadStore } from '#adapters/memory/memory-chain-head-store.ts';
import { createMemorySegmentStore } from '#adapters/memory/memory-segment-store.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { aHandedRecord, chainName } from '#test/builders/a-chain.ts';
import { createSealer } from '#usecases/audit/seal-records.ts';
import { type VerifyTrailQuestion, verifyTrail } from '#usecases/audit/verify-trail.ts';

const start = Date.UTC(2026, 10, 21, 9);
const MINUTE_MS = 60_000;

/** Ten segments of two records, one a minute. */
async function tenMinutes() {
  let now = start;
  const clock = { now: () => now };
  const lock = { mode: 'governance', until: '2027-11-21T00:00:00.000Z' } as const;
  const segments = createMemorySegmentStore({ clock, lock });
  const heads = createMemoryChainHeadStore();
  const question = { chain: chainName, digest: cryptoDigest, clock, segments, heads };
  const sealer = createSealer({
    ...question,
    log: { write: () => undefined },
  });
  for (let index = 0; index < 10; index += 1) {
    await sealer.seal([aHandedRecord(index * 2 + 1), aHandedRecord(index * 2 + 2)]);
    now += MINUTE_MS;
  }
  const verify = (changes: Partial<VerifyTrailQuestion> = {}) => verifyTrail({ ...question, ...changes });
  return { segments, heads, verify, keys: [...segments.texts.keys()] };
}

describe('verifying a trail', () => {
  it('proves all of it where nothing else is asked for', async () => {
    const { verify } = await tenMinutes();
    expect(await verify()).toMatchObject({ findings: [], segments: 10, sequences: { first: 1, last: 20 } });
  });

  it('proves a chain that began while it was being read', async () => {
    const { heads, verify } = await tenMinutes();
    let loads = 0;
    const late = { load: async () => (loads++ === 0 ? undefined : await heads.load()) };
    expect(await verify({ heads: late })).toMatchObject({ findings: [], sequences: { first: 1, last: 20 } });
    const never = await verify({ heads: { load: async () => undefined } });
    expect(never.findings).toMatchObject([{ kind: 'head-missing' }]);
  });

  it('proves a part of it by what was sealed then, and a segment more at each end', async () => {
    const { verify } = await tenMinutes();
    const part = { from: start + 3 * MINUTE_MS, to: start + 5 * MINUTE_MS };
    expect(await verify(part)).toMatchObject({
      findings: [],
      segments: 5,
      sequences: { first: 5, last: 14 },
    });
    expect(await verify({ from: start + 8 * MINUTE_MS })).toMatchObject({ findings: [], segments: 3 });
    expect(await verify({ to: start })).toMatchObject({ findings: [], segments: 2 });
    expect(await verify({ from: start + 99 * MINUTE_MS })).toMatchObject({ findings: [], segments: 1 });
  });

  it('finds in a part what was changed at its ends', async () => {
    const { verify, segments, keys } = await tenMinutes();
    const damage = (index: number) => {
      const text = segments.texts.get(keys[index] ?? '') ?? '';
      segments.texts.set(keys[index] ?? '', text.replace('"eu"', '"us"'));
      return () => segments.texts.set(keys[index] ?? '', text);
    };
    const part = { from: start + 3 * MINUTE_MS, to: start + 5 * MINUTE_MS };
    for (const index of [3, 4, 5]) {
      const mend = damage(index);
      expect((await verify(part)).findings).toEqual([
        expect.objectContaining({ kind: 'record-changed', sequence: index * 2 + 1, segment: keys[index] }),
      ]);
      mend();
    }
    damage(8);
    expect((await verify(part)).findings).toEqual([]);
  });

  it('names what was hidden or laid over, and is not taken in where the head is gone too', async () => {
    const { verify, segments, keys } = await tenMinutes();
    segments.hidden.add(keys[3] ?? '');
    expect((await verify()).findings.slice(0, 2)).toMatchObject([
      { kind: 'segment-hidden', segment: keys[3], sequence: 7 },
      { kind: 'segment-missing', sequence: 7, lastSequence: 8 },
    ]);
    await segments.create(keys[3] ?? '', segments.texts.get(keys[3] ?? '') ?? '');
    expect((await verify()).findings).toMatchObject([{ kind: 'segment-overlaid', segment: keys[3] }]);
    for (const key of keys) segments.hidden.add(key);
    const heads = createMemoryChainHeadStore();
    for (const part of [{}, { to: start - MINUTE_MS }, { from: start + 99 * MINUTE_MS }]) {
      const kinds = (await verify({ heads, ...part })).findings.map(({ kind }) => kind);
      expect(kinds).toEqual(expect.arrayContaining(['segment-hidden', 'head-missing']));
    }
  });

  it('takes one that goes away while it is read for missing', async () => {
    const { verify, segments, keys } = await tenMinutes();
    const read = async (key: string) => (key === keys[4] ? undefined : segments.read(key));
    const { findings } = await verify({ segments: { list: () => segments.list(), read } });
    expect(findings[0]).toMatchObject({ kind: 'segment-missing', sequence: 9, lastSequence: 10 });
  });

  it('takes nothing for missing that is sealed while it looks', async () => {
    const { verify, segments, heads } = await tenMinutes();
    const before = await heads.load();
    const { key } = (await segments.list()).at(-1) ?? { key: '' };
    const text = segments.texts.get(key) ?? '';
    segments.texts.delete(key);
    const load = async () => before && { ...before, sequence: 18, segment: 17, hash: await hashOf(segments) };
    const list = async () => {
      segments.texts.set(key, text);
      return segments.list();
    };
    const report = await verify({ heads: { load }, segments: { list, read: (each) => segments.read(each) } });
    expect(report).toMatchObject({ findings: [], afterHead: 2 });
  });

  it('passes by what is no segment', async () => {
    const { verify, segments } = await tenMinutes();
    segments.texts.set('segments/readme', 'hello');
    expect((await verify()).segments).toBe(10);
  });

  it('rejects when something cannot be read', async () => {
    const { verify, segments } = await tenMinutes();
    const read = async () => Promise.reject(new Error('away'));
    await expect(verify({ segments: { list: () => segments.list(), read } })).rejects.toThrow('away');
  });
});

async function hashOf(segments: { readonly texts: ReadonlyMap<string, string> }): Promise<string> {
  const last = [...segments.texts.values()].at(-1) ?? '';
  return cryptoDigest.sha256Hex(last.split('\n').at(-2) ?? '');
}
