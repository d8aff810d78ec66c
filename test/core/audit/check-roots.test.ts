import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aChain, chainName, checkBuilt, sha256Hex } from '#test/builders/a-chain.ts';

const built = aChain([3, 4, 2]);
const signedAt = '2026-11-21T09:00:00.000Z';
/** Of the chain as it was after so many of its segments. */
function rootAfter(segments: number) {
  const { head } = aChain([3, 4, 2].slice(0, segments));
  return { chain: chainName, sequence: head.sequence, hash: head.hash, signedAt };
}
const all = [rootAfter(1), rootAfter(2), rootAfter(3)];
const kinds = (report: ReturnType<typeof checkBuilt>) => report.findings.map(({ kind }) => kind);

describe('a chain under a witness', () => {
  it('is proved while it holds all that was signed, and goes on', () => {
    expect(checkBuilt(built, { roots: all }).findings).toEqual([]);
    expect(checkBuilt(aChain([3, 4, 2, 5]), { roots: all }).findings).toEqual([]);
  });

  it('names what was taken from its end together with the head', () => {
    const shorter = aChain([3, 4]);
    expect(checkBuilt(shorter).findings).toEqual([]);
    expect(checkBuilt(shorter, { roots: all }).findings).toEqual([
      expect.objectContaining({ kind: 'root-beyond-end', sequence: 8, lastSequence: 9 }),
    ]);
  });

  it('names all of it where nothing is left', () => {
    expect(checkBuilt({ segments: [], head: undefined }, { roots: all }).findings).toEqual([
      expect.objectContaining({ kind: 'root-beyond-end', sequence: 1, lastSequence: 9 }),
    ]);
  });

  it('names a chain that was written anew, whole as it is', () => {
    const anew = aChain([2, 5, 2]);
    expect(checkBuilt(anew).findings).toEqual([]);
    const findings = checkBuilt(anew, { roots: all }).findings;
    expect(findings.map(({ kind, sequence }) => [kind, sequence])).toEqual([
      ['root-contradicted', 3],
      ['root-contradicted', 7],
      ['root-contradicted', 9],
    ]);
  });

  it('asks of a part what was signed of that part', () => {
    const part = { segments: built.segments.slice(1, 2), head: built.head };
    const start = { sequence: 3, hash: undefined };
    expect(checkBuilt(part, { roots: all, start, toEnd: false }).findings).toEqual([]);
    const otherHash = { ...rootAfter(2), hash: sha256Hex('other') };
    expect(kinds(checkBuilt(part, { roots: [otherHash], start, toEnd: false }))).toEqual([
      'root-contradicted',
    ]);
  });

  it('finds whichever tail is gone, wherever the head was moved to', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 6 }),
        fc.nat(),
        (sizes, seed) => {
          const { head } = aChain(sizes);
          const kept = aChain(sizes.slice(0, seed % sizes.length));
          const left = kept.segments.length === 0 ? { segments: [], head: undefined } : kept;
          const roots = [{ chain: chainName, sequence: head.sequence, hash: head.hash, signedAt }];
          expect(checkBuilt(left, { roots }).findings).toEqual([
            expect.objectContaining({
              kind: 'root-beyond-end',
              sequence: kept.head.sequence + 1,
              lastSequence: head.sequence,
            }),
          ]);
        },
      ),
      { numRuns: 60 },
    );
  });
});
