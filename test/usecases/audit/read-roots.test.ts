import { describe, expect, it } from 'vitest';
import { createMemoryChainHeadStore } from '#adapters/memory/memory-chain-head-store.ts';
import { createMemorySegmentStore } from '#adapters/memory/memory-segment-store.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import { aHandedRecord, chainName } from '#test/builders/a-chain.ts';
import { aWitness } from '#test/builders/a-witness.ts';
import { createSealer } from '#usecases/audit/seal-records.ts';
import { verifyTrail } from '#usecases/audit/verify-trail.ts';

const DAY_MS = 86_400_000;

/** Six records in three segments, the first two of them signed. */
async function aSignedTrail() {
  let now = Date.UTC(2026, 10, 21, 9);
  const clock = { now: () => now };
  const lock = { mode: 'governance', until: '2027-11-21T00:00:00.000Z' } as const;
  const segments = createMemorySegmentStore({ clock, lock });
  const heads = createMemoryChainHeadStore();
  const witness = aWitness(clock);
  const options = { chain: chainName, digest: cryptoDigest, clock };
  const sealer = createSealer({ ...options, segments, heads, log: { write: () => undefined } });
  const keys: string[] = [];
  for (const sequences of [
    [1, 2],
    [3, 4],
    [5, 6],
  ]) {
    await sealer.seal(sequences.map(aHandedRecord));
    const head = await heads.load();
    if (head !== undefined && head.sequence < 6)
      keys.push(await witness.keep(head, isoOfInstant(clock.now())));
  }
  return {
    ...{ segments, heads, witness, keys },
    verify: (emptied = false) =>
      verifyTrail({
        ...{ ...options, segments, heads, rootSource: witness.source },
        ...(emptied
          ? { segments: createMemorySegmentStore({ clock, lock }), heads: createMemoryChainHeadStore() }
          : {}),
      }),
    later: (days: number) => {
      now += days * DAY_MS;
    },
  };
}

const kinds = async (verifying: ReturnType<typeof verifyTrail>) =>
  (await verifying).findings.map(({ kind }) => kind);

describe('a trail with a witness', () => {
  it('is proved, and tells up to where it was signed', async () => {
    const { verify } = await aSignedTrail();
    expect(await verify()).toMatchObject({
      findings: [],
      signed: { sequence: 4, at: '2026-11-21T09:00:00.000Z' },
    });
  });

  it('is broken where every segment and the head are gone', async () => {
    const { verify } = await aSignedTrail();
    expect((await verify(true)).findings).toEqual([
      expect.objectContaining({ kind: 'root-beyond-end', sequence: 1, lastSequence: 4 }),
    ]);
  });

  it.each([
    ['that another key signed', (text: string) => text.replace(/"signature":"[^"]+"/, '"signature":"MEQC"')],
    ['that somebody rewrote', (text: string) => text.replace('"sequence":4', '"sequence":2')],
    ['of another chain', (text: string) => text.replace('eu-central-1', 'eu-west-1')],
    ['that cannot be read', () => 'none'],
  ])('names a root %s', async (_, damage) => {
    const { verify, witness, keys } = await aSignedTrail();
    const key = keys[1] ?? '';
    witness.roots.texts.set(key, damage(witness.roots.texts.get(key) ?? ''));
    expect((await verify()).findings).toEqual([
      expect.objectContaining({ kind: 'root-unproved', segment: key, sequence: 4 }),
    ]);
  });

  it('names a root that is hidden, and one that another was laid over', async () => {
    const { verify, witness, keys } = await aSignedTrail();
    const [key = '', other = ''] = keys;
    const text = witness.roots.texts.get(key) ?? '';
    witness.roots.hidden.add(key);
    expect(await kinds(verify())).toEqual(['root-unproved']);
    await witness.roots.create(key, text);
    expect(await kinds(verify())).toEqual(['root-unproved']);
    expect((await verify()).findings[0]?.why).toContain('another version');
    expect(other).not.toBe(key);
  });

  it('is overdue after two days without a root, with or without one before', async () => {
    const { verify, later, witness } = await aSignedTrail();
    later(1.9);
    expect(await kinds(verify())).toEqual([]);
    later(0.2);
    expect(await kinds(verify())).toEqual(['root-overdue']);
    witness.roots.texts.clear();
    expect(await kinds(verify())).toEqual(['root-overdue']);
    expect(await kinds(verify(true))).toEqual([]);
  });

  it('is as good as ever where its roots were kept elsewhere, unless none was', async () => {
    const { verify, later, witness } = await aSignedTrail();
    Object.assign(witness.source, { isCopy: true });
    later(30);
    expect(await kinds(verify())).toEqual([]);
    witness.roots.texts.clear();
    expect((await verify()).findings).toMatchObject([
      { kind: 'root-overdue', why: 'the roots that were kept hold none of this chain' },
    ]);
  });
});
