import { describe, expect, it } from 'vitest';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { runSwarm } from '#simulator/swarm/run-swarm.ts';
import { aScenario } from '#test/builders/a-swarm-run.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { shippedFacts } from '#test/builders/facts.ts';

const parts = { config: acmeConfig(), facts: shippedFacts, digest: cryptoDigest };

describe('a run of the swarm', () => {
  it('is the same run for the same scenario, promise by promise, and another one for another seed', async () => {
    const scenario = aScenario({ leavingShare: 0.3 });
    const first = await runSwarm(parts, scenario);
    expect(first).toMatchObject({ violationCount: 0, violations: [] });
    expect(first.requests).toBeGreaterThan(800);
    expect(first.virtualSeconds).toBeGreaterThan(1_020);
    expect(await runSwarm(parts, scenario)).toEqual(first);
    const other = await runSwarm(parts, { ...scenario, seed: '8' });
    expect(other.fingerprint).not.toBe(first.fingerprint);
  });

  it('fails over while a region is dark, and sees planted routes refused', async () => {
    const run = await runSwarm(
      parts,
      aScenario({
        rates: [{ fromSeconds: 0, perSecond: 3 }],
        faults: [
          { kind: 'region', region: 'us-east-1', trouble: 'unavailable', fromSeconds: 5, untilSeconds: 115 },
          { kind: 'planted', region: 'eu-central-1', fromSeconds: 5, untilSeconds: 115 },
          { kind: 'table', region: 'ap-northeast-1', trouble: 'hangs', fromSeconds: 5, untilSeconds: 115 },
          { kind: 'catalogue', region: 'eu-west-1', trouble: 'empty', fromSeconds: 5, untilSeconds: 115 },
        ],
      }),
    );
    expect(run.violations).toEqual([]);
    // Calls beside the answers: those that failed.
    expect(run.calls).toBeGreaterThan(run.statuses[200] ?? 0);
  });
});
