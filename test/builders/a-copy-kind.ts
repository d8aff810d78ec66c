import type { CopyKind } from '#core/capacity-plan/evaluate-copies.ts';

/** A copy that runs two calls at a time for a second each, whatever they are, at USD 1 an hour. */
export function aCopyKind(
  changes: {
    readonly limits?: Partial<CopyKind['limits']>;
    readonly hosting?: Partial<CopyKind['hosting']>;
  } = {},
): CopyKind {
  return {
    hosting: {
      instanceType: 'ml.test.xlarge',
      gpusPerCopy: 1,
      copiesPerInstance: 1,
      microUsdPerHour: 1_000_000,
      ...changes.hosting,
    },
    speed: {
      promptMs: [[1, 0]],
      // Calls of eleven tokens: ten after the first.
      tokenMs: [
        [1, 100],
        [2, 100],
      ],
      measured: 'together',
    },
    limits: {
      requests: 2,
      bound: 'measurement',
      kvTokens: 1_600,
      kvTokensPerRequest: 16,
      tooLongShare: 0,
      tooLongInputShare: 0,
      tooLongOutputShare: 0,
      firstTokenMs: 100,
      tokenMs: 100,
      callsPerSecond: 2,
      ...changes.limits,
    },
  };
}
