import { describe, expect, it } from 'vitest';
import { followChain } from '#core/audit/chain-links.ts';
import type { ChainFinding } from '#core/audit/finding.ts';
import { sha256Hex } from '#test/builders/a-chain.ts';

describe('the links of a chain', () => {
  /** Lines 1 to 5, each chained to the one before unless `links` says to what. */
  const follow = (
    links: Readonly<Record<number, string>>,
    { head = sha256Hex('line 5'), gapBefore = 0 } = {},
  ) => {
    const findings: ChainFinding[] = [];
    const chain = followChain({ hash: 'start', sha256Hex, tell: (finding) => void findings.push(finding) });
    for (let sequence = 1; sequence <= 5; sequence += 1) {
      const previous = links[sequence] ?? (sequence === 1 ? 'start' : sha256Hex(`line ${sequence - 1}`));
      chain.add({
        ...{
          kind: 'record',
          segment: 's',
          sequence,
          id: `id-${sequence}`,
          text: `line ${sequence}`,
          previous,
        },
        follows: sequence !== gapBefore,
      });
    }
    chain.end(head);
    return findings.map(({ kind, sequence }) => `${kind} ${sequence}`);
  };

  it('hold where nothing was changed', () => {
    expect(follow({})).toEqual([]);
  });

  it('name a line that its successor knows otherwise', () => {
    expect(follow({ 4: 'other' })).toEqual(['record-changed 3']);
  });

  it('name the last of several, and call those before it unproved', () => {
    expect(follow({ 3: 'other', 4: 'other' })).toEqual(['record-unproved 2', 'record-changed 3']);
  });

  it('name the last line where the head knows it otherwise', () => {
    expect(follow({}, { head: 'other' })).toEqual(['record-changed 5']);
  });

  it('name the beginning where it is another chain’s', () => {
    expect(follow({ 1: 'other' })).toEqual(['record-changed 1']);
  });

  it('ask nothing across a gap that is told already', () => {
    expect(follow({ 4: 'other' }, { gapBefore: 4 })).toEqual([]);
  });
});
