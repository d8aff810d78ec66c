/**
 * usecases/verify: proves that routed targets answer the gateways' own role.
 *
 * Invariant: only lawful, routed targets of configured models are called, never one that is scaled to zero, and a
 * day's calls cost no more than configured: what is about to be spent is written before it is spent. The verification
 * store owns the state; plan reads it and demotes what refused.
 */
import { classifyFailure } from '#core/failures/classify-failure.ts';
import { metricPoint } from '#core/metrics/metric-point.ts';
import { deniedTargets } from '#core/plan/denied-targets.ts';
import { judgeCandidates } from '#core/plan/judge-candidates.ts';
import { indexObservations } from '#core/plan/observation-index.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import {
  chooseProbes,
  nextVerification,
  type Probe,
  type ProbeCandidate,
} from '#core/verify/choose-probes.ts';
import type { Verification } from '#core/verify/verification.ts';
import { callWithDeadline } from '../discover/call-with-retries.ts';
import type { ControlSetting } from '../plan/control-setting.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { MetricSink } from '../ports/metric-sink.ts';
import type { ObservationStore } from '../ports/observation-store.ts';
import type { RouteStore } from '../ports/route-store.ts';
import type { TargetProber } from '../ports/target-prober.ts';
import type { VerificationStore } from '../ports/verification-store.ts';

export interface VerifyDependencies {
  readonly clock: Clock;
  readonly observations: ObservationStore;
  readonly routes: RouteStore;
  readonly verifications: VerificationStore;
  readonly prober: TargetProber;
  readonly metrics: MetricSink;
  readonly log: Log;
}

export interface VerifyRun {
  readonly proved: readonly Verification[];
  /** Spent today, this run included. */
  readonly spentMicroUsd: number;
}

const PROBES_MAX = 40;
const PROBES_AT_ONCE = 8;
/** A model may be cold: longer than a gateway's own first-content deadline helps nobody. */
const PROBE_MS_MAX = 15_000;

/** @throws HouseError when a store cannot be read or written; then nothing more is proved. */
export async function verifyTargets(
  dependencies: VerifyDependencies,
  setting: ControlSetting,
): Promise<VerifyRun> {
  const { clock, verifications } = dependencies;
  if (!setting.verify.enabled) return { proved: [], spentMicroUsd: 0 };
  const at = clock.now();
  const day = isoOfInstant(at).slice(0, 10);
  const [candidates, proofs, spending] = await Promise.all([
    loadCandidates(dependencies, setting, at),
    verifications.loadAll(),
    verifications.loadSpending(),
  ]);
  const signals = await dependencies.routes.loadSignals();
  const spent = spending?.day === day ? spending : { day, microUsd: 0, probes: 0 };
  const probes = chooseProbes({
    candidates,
    verifications: proofs,
    denied: new Set(deniedTargets({ signals, verifications: proofs, at }).keys()),
    at,
    microUsdLeft: setting.verify.costMicroUsdPerDayMax - spent.microUsd,
    probesMax: PROBES_MAX,
  });
  if (probes.length === 0) return { proved: [], spentMicroUsd: spent.microUsd };
  const spentMicroUsd = probes.reduce((sum, probe) => sum + probe.costMicroUsd, spent.microUsd);
  // Before the calls: a run that dies half-way must not spend the same money again.
  await verifications.saveSpending({
    day,
    microUsd: spentMicroUsd,
    probes: spent.probes + probes.length,
  });
  const before = new Map(proofs.map((each) => [each.target, each]));
  const proved = await proveAll(dependencies, probes, before);
  await publishCounts(dependencies, proved, clock.now());
  return { proved, spentMicroUsd };
}

/** What some residency may reach and some route may hold, denied or not: a denied target gets its second chance here. */
async function loadCandidates(
  { observations: store }: VerifyDependencies,
  setting: ControlSetting,
  at: number,
): Promise<readonly ProbeCandidate[]> {
  const { accounts, facts, sharing, guard } = setting;
  const { regions } = await store.loadAll();
  const observations = indexObservations({ regions, accounts, at, ageMsMax: guard.ageMsMax });
  return setting.models.flatMap((model) =>
    setting.policies.flatMap((policy) =>
      judgeCandidates({ model, policy, facts, observations, denied: new Map(), sharing }).flatMap((each) =>
        each.kind === 'routable' ? [{ target: each.target, kind: model.kind }] : [],
      ),
    ),
  );
}

async function proveAll(
  dependencies: VerifyDependencies,
  probes: readonly Probe[],
  before: ReadonlyMap<string, Verification>,
): Promise<readonly Verification[]> {
  const proved: Verification[] = [];
  const queue = [...probes];
  const work = async (): Promise<void> => {
    for (let probe = queue.shift(); probe !== undefined; probe = queue.shift()) {
      const proof = await prove(dependencies, probe, before.get(probe.target.id));
      await dependencies.verifications.save(proof);
      proved.push(proof);
    }
  };
  await Promise.all(Array.from({ length: PROBES_AT_ONCE }, work));
  return proved;
}

async function prove(
  { clock, prober, log }: VerifyDependencies,
  { target, kind }: Probe,
  before: Verification | undefined,
): Promise<Verification> {
  const { outcome, errorName } = await askOnce(clock, (signal) => prober.probe(target, kind, signal));
  const named = errorName === undefined ? {} : { errorName };
  const proof = nextVerification(before, { target: target.id, at: clock.now(), outcome, ...named });
  const level = proof.outcome === 'refused' ? 'warn' : 'info';
  log.write(level, 'target-proved', { target: target.id, outcome, errorName: errorName ?? null });
  return proof;
}

/** Only the target's own fault counts against it: a throttle, a timeout or a lost connection proves nothing. */
async function askOnce(
  clock: Clock,
  probe: (signal: AbortSignal) => ReturnType<TargetProber['probe']>,
): Promise<Pick<Verification, 'outcome' | 'errorName'>> {
  const { signal } = new AbortController();
  try {
    const result = await callWithDeadline({ clock, signal, callMsMax: PROBE_MS_MAX }, probe);
    if (result.answered) return { outcome: 'answered' };
    const refused = classifyFailure(result.signal).class === 'targets-fault';
    return { outcome: refused ? 'refused' : 'inconclusive', errorName: result.signal.errorName };
  } catch (error) {
    return { outcome: 'inconclusive', errorName: error instanceof Error ? error.name : undefined };
  }
}

async function publishCounts(
  { metrics }: VerifyDependencies,
  proved: readonly Verification[],
  at: number,
): Promise<void> {
  const points = (['answered', 'refused', 'inconclusive'] as const).map((outcome) =>
    metricPoint({
      namespace: 'Spillway/Availability',
      name: 'Probes',
      value: proved.filter((each) => each.outcome === outcome).length,
      dimensions: { Outcome: outcome },
      at,
    }),
  );
  await metrics.publish(points.filter((each) => each !== undefined));
}
