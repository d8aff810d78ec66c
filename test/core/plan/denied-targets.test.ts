import { describe, expect, it } from 'vitest';
import { deniedTargets } from '#core/plan/denied-targets.ts';
import type { Signal } from '#core/plan/route.ts';
import type { Verification } from '#core/verify/verification.ts';

const hour = 3_600_000;
const at = 100 * hour;
const signal = (changes: Partial<Signal> = {}): Signal => ({
  target: 't',
  gatewayRegion: 'us-east-1',
  outcome: 'targets-fault',
  errorName: 'AccessDeniedException',
  at,
  ...changes,
});
const proof = (changes: Partial<Verification> = {}): Verification => ({
  target: 't',
  at,
  outcome: 'refused',
  refusals: 1,
  ...changes,
});
const denied = (signals: readonly Signal[], verifications: readonly Verification[] = []) =>
  deniedTargets({ signals, verifications, at }).get('t');

describe('a target', () => {
  it('is denied by a signal for an hour', () => {
    expect(denied([signal()])?.why).toBe('AccessDeniedException');
    expect(denied([signal({ at: at - hour })])).toBeDefined();
    expect(denied([signal({ at: at - hour - 1 })])).toBeUndefined();
  });

  it('is denied by a refused proof for as long as somebody proves', () => {
    expect(denied([], [proof({ errorName: 'ResourceNotFoundException' })])?.why).toBe(
      'ResourceNotFoundException',
    );
    expect(denied([], [proof({ at: at - 48 * hour - 1 })])).toBeUndefined();
  });

  it('is given back by a proof that is not older than the signal', () => {
    const answered = proof({ outcome: 'answered', answeringSince: at - 10, refusals: 0 });
    expect(denied([signal({ at: at - 1 })], [answered])).toBeUndefined();
    expect(denied([signal()], [answered])).toBeUndefined();
    expect(
      denied([signal()], [proof({ outcome: 'answered', at: at - 1, answeringSince: at - 10, refusals: 0 })]),
    ).toBeDefined();
  });

  it('is not given back by a proof that showed nothing', () => {
    expect(denied([signal()], [proof({ outcome: 'inconclusive' })])).toBeDefined();
  });

  it('is denied by the latest word of several gateways', () => {
    const signals = [
      signal({ at: at - 5, errorName: 'old' }),
      signal({ gatewayRegion: 'eu-central-1', errorName: 'new' }),
    ];
    expect(denied(signals)?.why).toBe('new');
    expect(denied([...signals].reverse())?.why).toBe('new');
  });
});
