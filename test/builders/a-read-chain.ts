import type { ChainReport } from '#core/audit/check-chain.ts';
import type { ReadChain } from '#usecases/audit-proof/read-trail.ts';

/** A chain in which nothing is wrong, of one region. */
export function aReadChain(changes: Partial<ChainReport> = {}): ReadChain {
  return {
    region: 'eu-central-1',
    report: {
      findings: [],
      segments: 1,
      records: 2,
      sequences: { first: 1, last: 2 },
      decided: { from: '2026-11-21T08:00:00.000Z', to: '2026-11-21T08:00:01.000Z' },
      writers: 1,
      sealedTwice: [],
      onTheirWay: [],
      afterHead: 0,
      lockedUntil: '2027-11-21T00:00:00.000Z',
      lockModes: ['governance'],
      ...changes,
    },
  };
}
