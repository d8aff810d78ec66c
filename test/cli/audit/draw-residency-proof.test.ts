import { expect, it } from 'vitest';
import { drawResidencyProof } from '#cli/audit/draw-residency-proof.ts';
import { aReadChain } from '#test/builders/a-read-chain.ts';
import type { ResidencyProof } from '#usecases/audit-proof/prove-residency.ts';

const drawing = { width: 100, paint: (_ink: unknown, text: string) => text, period: 'today' };
const proof: ResidencyProof = {
  tenant: 'demo',
  proven: true,
  isNothing: false,
  decisions: 1200,
  residencies: [
    {
      residency: 'eu',
      decisions: 1200,
      unsent: 3,
      boundOtherwise: 0,
      regions: [
        { region: 'eu-central-1', called: 1190, reached: 1190 },
        { region: 'eu-west-3', called: 0, reached: 800 },
      ],
    },
  ],
  violations: [],
  violationsFound: 0,
  unreadable: 0,
  chains: [aReadChain()],
};

it('says that it is proven, and where calls went', () => {
  expect(drawResidencyProof(proof, drawing)).toEqual([
    'demo · today',
    '✔ Proven: 1,200 decisions judged anew, and none of them left its residency.',
    '',
    'eu  1,200 decisions · 3 sent nothing to any target',
    '  region        called there  may have run there',
    '  eu-central-1          1190                1190',
    '  eu-west-3                0                 800',
  ]);
});

it('names what left', () => {
  const violation = {
    ...{ id: 'request-1', at: '2026-11-21T08:00:00.000Z', residency: 'eu' },
    ...{ where: '1/us-east-1/m', offending: ['us-east-1'], why: 'reach-outside' },
  };
  const lines = drawResidencyProof(
    { ...proof, proven: false, violations: [violation], violationsFound: 2 },
    drawing,
  );
  expect(lines.slice(1, 4)).toEqual([
    '✘ 1,200 decisions judged anew: 2 calls left the residency.',
    '  2026-11-21T08:00:00.000Z request-1: 1/us-east-1/m under eu: reach-outside (us-east-1)',
    '  and 1 more: see --json',
  ]);
});

it('proves nothing by a trail that is not whole, or that cannot be read', () => {
  const finding = { kind: 'record-changed', sequence: 2, why: 'it was changed' } as const;
  const lines = drawResidencyProof(
    { ...proof, proven: false, unreadable: 1, chains: [aReadChain({ findings: [finding] })] },
    drawing,
  );
  expect(lines.slice(1, 5)).toEqual([
    '✘ Not proven: 1,200 decisions judged anew, and none of them left its residency; but the trail is not',
    'whole.',
    '  1 record cannot be read and cannot be judged',
    '  eu-central-1: record-changed at record 2: it was changed',
  ]);
});

it('says that there is nothing to prove', () => {
  const nothing = { ...proof, proven: false, isNothing: true, decisions: 0, residencies: [] };
  expect(drawResidencyProof(nothing, drawing)).toEqual([
    'demo · today',
    '✘ Nothing to prove: no decision was recorded.',
  ]);
});
