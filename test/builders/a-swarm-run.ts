import type { SwarmScenario } from '#contract/swarm-scenario.ts';
import type { SwarmRun } from '#simulator/swarm/run-swarm.ts';

/** Two faults, of which neither is needed for anything. */
export function aScenario(changes: Partial<SwarmScenario> = {}): SwarmScenario {
  return {
    seed: '7',
    faultSeconds: 120,
    calmSeconds: 900,
    rates: [{ fromSeconds: 0, perSecond: 1 }],
    streamedShare: 1,
    leavingShare: 0,
    deadlineShare: 0,
    lanes: ['standard'],
    replicationMs: 0,
    skewMs: {},
    faults: [
      { kind: 'region', region: 'us-west-2', trouble: 'dark', fromSeconds: 0, untilSeconds: 60 },
      { kind: 'planted', region: 'eu-central-1', fromSeconds: 10, untilSeconds: 20 },
    ],
    ...changes,
  };
}

/** A run of an hour that no judge objects to. */
export function aSwarmRun(changes: Partial<SwarmRun> = {}): SwarmRun {
  return {
    requests: 1_000,
    calls: 1_100,
    statuses: { 200: 980, 429: 20 },
    virtualSeconds: 3_600,
    events: 9_000,
    violations: [],
    violationCount: 0,
    fingerprint: '00c0ffee',
    ...changes,
  };
}

/** What a judge would say of a prompt that left its residency. */
export function aViolation(judge = 'residency', phase: 'safety' | 'liveness' = 'safety') {
  return { judge, phase, atMs: Date.UTC(2026, 10, 22, 0, 1), what: 'request 5 of eu went to us-east-1' };
}
