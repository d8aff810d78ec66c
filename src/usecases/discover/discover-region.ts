/**
 * usecases/discover: one run over one account and region.
 *
 * Invariant: what could be learned is published, whatever else failed; nothing is concluded from a failure. A run
 * never outlives its deadline. The observation store owns the state; one run at a time writes one region.
 *
 *     load ─ lists and endpoints ─ availability of tracked models, quotas when due ─ observe ─ save ─ changes, metrics, log
 */
import type {
  Answer,
  AvailabilityAnswer,
  DedicatedName,
  EndpointAnswer,
  RegionAnswers,
} from '#core/discovery/answers.ts';
import { dedicatedKey } from '#core/discovery/answers.ts';
import { chooseChecks } from '#core/discovery/choose-checks.ts';
import {
  changesBetween,
  type ObservationChange,
  sameQuotaReport,
  sameTargets,
} from '#core/discovery/compare-observations.ts';
import type { RegionObservations } from '#core/discovery/observation.ts';
import { observeRegion } from '#core/discovery/observe-region.ts';
import { isQuotaAskingDue } from '#core/discovery/quota-report.ts';
import { isHouseError } from '#core/errors/house-error.ts';
import { availabilityPoints } from '#core/metrics/availability-points.ts';
import type { Random } from '#core/units/random.ts';
import type { ChangeLog } from '../ports/change-log.ts';
import type { Clock } from '../ports/clock.ts';
import type { EndpointInventory } from '../ports/endpoint-inventory.ts';
import type { Log } from '../ports/log.ts';
import type { MetricSink } from '../ports/metric-sink.ts';
import type { ModelCatalogue } from '../ports/model-catalogue.ts';
import type { ObservationStore } from '../ports/observation-store.ts';
import type { QuotaInventory } from '../ports/quota-inventory.ts';
import { askQuotas } from './ask-quotas.ts';
import { type CallContext, callWithDeadline, callWithRetries } from './call-with-retries.ts';
import { createTokenBucket } from './token-bucket.ts';

export interface DiscoverDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly catalogue: ModelCatalogue;
  readonly endpoints: EndpointInventory;
  readonly quotas: QuotaInventory;
  readonly observations: ObservationStore;
  readonly changes: ChangeLog;
  readonly metrics: MetricSink;
  readonly log: Log;
}

export interface DiscoverRequest {
  readonly account: string;
  readonly region: string;
  /** Base model ids whose access is checked. */
  readonly tracked: ReadonlySet<string>;
  /** Dedicated targets of this account and region. */
  readonly dedicated: readonly DedicatedName[];
  readonly applicationProfiles: boolean;
  /** Calls a second, above 0. */
  readonly ratePerSecond: number;
  /** How often runs come; rotates the checks that one run cannot do all. */
  readonly everySeconds: number;
  /** All calls to AWS end by then. @default 20000 */
  readonly runMsMax?: number | undefined;
  /** @default 3000 */
  readonly callMsMax?: number | undefined;
}

export interface DiscoverOutcome {
  readonly account: string;
  readonly region: string;
  /**
   * `changed`: the item was written. `unchanged`: a heartbeat was. `superseded`: a newer run had written already.
   * `not-stored`: the store failed, so the last report stands and grows older.
   */
  readonly kind: 'changed' | 'unchanged' | 'superseded' | 'not-stored';
  readonly observations: RegionObservations | undefined;
  readonly changes: readonly ObservationChange[];
  readonly failures: readonly string[];
  readonly durationMs: number;
}

const RUN_MS_MAX = 20_000;
const CALL_MS_MAX = 3_000;
/** The store and the metrics get this much beyond the run's calls. */
const STORE_MS_MAX = 5_000;
/** Share of the run's time that availability checks and quotas have; lists and endpoints have the rest. */
const CHECK_SHARE = 0.5;

export async function discoverRegion(
  dependencies: DiscoverDependencies,
  request: DiscoverRequest,
): Promise<DiscoverOutcome> {
  const { clock, log } = dependencies;
  const { account, region } = request;
  const startedMs = clock.monotonicMs();
  const finish = (result: Omit<DiscoverOutcome, 'account' | 'region' | 'durationMs'>): DiscoverOutcome => ({
    account,
    region,
    durationMs: clock.monotonicMs() - startedMs,
    ...result,
  });
  let previous: RegionObservations | undefined;
  try {
    previous = await withStore(clock, () => dependencies.observations.load(account, region));
  } catch (error) {
    // Without the last report an absence could not be told from a first sight: nothing may be written.
    const failure = `observation store: ${nameOf(error)}`;
    log.write('error', 'discover-not-stored', { account, region, failure });
    return finish({ kind: 'not-stored', observations: undefined, changes: [], failures: [failure] });
  }
  const answers = await askAll(dependencies, request, previous);
  const { tracked, dedicated } = request;
  const observations = observeRegion({
    account,
    region,
    at: clock.now(),
    previous,
    answers,
    tracked,
    dedicated,
  });
  const outcome = finish(await store(dependencies, previous, observations));
  await dependencies.metrics.publish(availabilityPoints(observations, tracked));
  report(log, outcome);
  return outcome;
}

/**
 * Everything the run asks AWS, each part on its own: one that fails costs only itself. The checks have a share of the
 * time that lists cannot use up by hanging; Service Quotas has that share too and a pace of its own, so that its pages
 * hold up nothing else.
 */
async function askAll(
  { clock, random, catalogue, endpoints, quotas }: DiscoverDependencies,
  request: DiscoverRequest,
  previous: RegionObservations | undefined,
): Promise<RegionAnswers> {
  const { ratePerSecond, applicationProfiles, runMsMax = RUN_MS_MAX, callMsMax = CALL_MS_MAX } = request;
  const bucket = createTokenBucket({ clock, ratePerSecond });
  const quotaBucket = createTokenBucket({ clock, ratePerSecond });
  const asking = (
    limitMs: number,
    work: (ask: Ask, askQuotaPage: Ask) => Promise<RegionAnswers>,
  ): Promise<RegionAnswers> =>
    withinLimit(clock, limitMs, (signal) => {
      const context = { clock, random, signal, callMsMax };
      const askPacedBy =
        (pace: CallContext['bucket']): Ask =>
        (call) =>
          asAnswer(signal, () => callWithRetries({ ...context, bucket: pace }, call));
      return work(askPacedBy(bucket), askPacedBy(quotaBucket));
    });
  const listed = await asking(runMsMax * (1 - CHECK_SHARE), async (ask) => {
    const [models, profiles, endpointAnswers] = await Promise.all([
      ask((signal) => catalogue.listModels(signal)),
      ask((signal) => catalogue.listProfiles({ applicationProfiles }, signal)),
      askEach(request.dedicated, dedicatedKey, (name) =>
        ask<EndpointAnswer | undefined>((signal) => endpoints.loadEndpoint(name, signal)),
      ),
    ]);
    return { models, profiles, endpoints: endpointAnswers, availability: new Map() };
  });
  const checks = checksOf(request, { listed, previous, at: clock.now() });
  const quotasDue = isListGood(listed.models) && isQuotaAskingDue(previous?.quotas, clock.now());
  return asking(runMsMax * CHECK_SHARE, async (ask, askQuotaPage) => {
    const [availability, quotaAnswer] = await Promise.all([
      askEach(
        checks,
        (modelId) => modelId,
        (modelId) =>
          ask<AvailabilityAnswer | undefined>((signal) => catalogue.loadAvailability(modelId, signal)),
      ),
      quotasDue ? askQuotas(quotas, askQuotaPage) : undefined,
    ]);
    return { ...listed, availability, quotas: quotaAnswer };
  });
}

/** Quotas name models in words, so without the names of this run's list their answer would be of no use. */
function isListGood(models: RegionAnswers['models']): boolean {
  return models.ok && models.value.length > 0;
}

type Ask = <T>(call: (signal: AbortSignal) => Promise<T>) => Promise<Answer<T>>;

function checksOf(
  { tracked, ratePerSecond, everySeconds, runMsMax = RUN_MS_MAX }: DiscoverRequest,
  known: {
    readonly listed: RegionAnswers;
    readonly previous: RegionObservations | undefined;
    readonly at: number;
  },
): readonly string[] {
  const { models, profiles } = known.listed;
  return chooseChecks({
    tracked,
    models: models.ok ? models.value : undefined,
    profiles: profiles.ok ? profiles.value : undefined,
    previous: known.previous,
    checksMax: Math.max(1, Math.floor((runMsMax / 1000) * ratePerSecond * CHECK_SHARE)),
    turn: Math.floor(known.at / (everySeconds * 1000)),
  });
}

/** Runs the work under a signal that aborts at the limit. */
async function withinLimit<T>(
  clock: Clock,
  limitMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const ended = new AbortController();
  const deadline = clock.sleep(limitMs, ended.signal).then(
    () => limit.abort(new Error('the run has ended')),
    () => undefined,
  );
  try {
    return await work(limit.signal);
  } finally {
    ended.abort(new Error('the work has ended'));
    await deadline;
  }
}

async function askEach<Item, T>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  ask: (item: Item) => Promise<Answer<T>>,
): Promise<ReadonlyMap<string, Answer<T>>> {
  const answers = await Promise.all(items.map(async (item) => [keyOf(item), await ask(item)] as const));
  return new Map(answers);
}

async function asAnswer<T>(run: AbortSignal, call: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await call() };
  } catch (error) {
    if (!isHouseError(error) && !run.aborted) throw error;
    return { ok: false, failure: nameOf(error) };
  }
}

/** AWS's own name of an error where there is one, else our code. */
function nameOf(error: unknown): string {
  if (!isHouseError(error)) return 'run-deadline';
  const { errorName } = error.facts;
  return typeof errorName === 'string' ? errorName : error.code;
}

type Stored = Pick<DiscoverOutcome, 'kind' | 'observations' | 'changes' | 'failures'>;

async function store(
  { clock, observations: observationStore, changes: changeLog }: DiscoverDependencies,
  previous: RegionObservations | undefined,
  observations: RegionObservations,
): Promise<Stored> {
  const { failures } = observations;
  try {
    if (previous !== undefined && isUnchanged(previous, observations)) {
      await withStore(clock, () => observationStore.saveHeartbeat(observations));
      return { kind: 'unchanged', observations, changes: [], failures };
    }
    const saved = await withStore(clock, () => observationStore.save(observations));
    if (!saved) return { kind: 'superseded', observations, changes: [], failures };
    const changes = changesBetween(previous, observations);
    if (changes.length > 0) await withStore(clock, () => changeLog.append(observations, changes));
    return { kind: 'changed', observations, changes, failures };
  } catch (error) {
    if (!isHouseError(error)) throw error;
    const failure = `observation store: ${nameOf(error)}`;
    return { kind: 'not-stored', observations, changes: [], failures: [...failures, failure] };
  }
}

/** A heartbeat keeps no quotas: an answer about them, or the lack of one, is saved with the whole report. */
function isUnchanged(previous: RegionObservations, observations: RegionObservations): boolean {
  return sameTargets(previous.targets, observations.targets) && sameQuotaReport(previous, observations);
}

function withStore<T>(clock: Clock, call: () => Promise<T>): Promise<T> {
  const { signal } = new AbortController();
  return callWithDeadline({ clock, signal, callMsMax: STORE_MS_MAX }, call);
}

function report(log: Log, outcome: DiscoverOutcome): void {
  const { account, region, kind, failures, changes, durationMs, observations } = outcome;
  const level = kind === 'not-stored' ? 'error' : failures.length > 0 ? 'warn' : 'info';
  log.write(level, 'discover-run', {
    account,
    region,
    kind,
    targets: observations?.targets.length ?? 0,
    changes: changes.length,
    failures,
    durationMs: Math.round(durationMs),
  });
  for (const change of changes) {
    log.write('info', 'target-changed', {
      target: change.target,
      from: change.from ?? null,
      to: change.to,
      reasons: change.reasons,
    });
  }
}
