import type { DecisionRecord } from '#contract/audit-record.ts';
import { policyRecorded } from '#core/audit/recorded-policy.ts';
import { type Difference, type ReplayGround, replayDecision } from '#core/audit/replay-decision.ts';
import type { BaselineEntry } from '#core/baseline/resolve-baselines.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import type { Route } from '#core/plan/route.ts';
import { candidatesFrom } from '../gateway/route-source.ts';
import type { AuditVersions } from '../ports/auditing.ts';
import type { RouteStore } from '../ports/route-store.ts';
import { isWhole, type ReadChain, readTrail, type TrailToRead } from './read-trail.ts';

export interface ReplayQuestion extends Omit<TrailToRead, 'take' | 'takeUnreadable'> {
  readonly facts: CompiledFacts;
  readonly baselines: readonly BaselineEntry[];
  /** Of whoever replays. */
  readonly versions: AuditVersions;
  readonly routes: Pick<RouteStore, 'loadVersion'>;
}

/**
 * Why nothing is said of a record's decisions. `route-gone`: the published version is kept no more. `config-changed`,
 * `facts-changed`, `code-changed`: they come out otherwise, and what they were made with is not what is here.
 */
export type Undecided = 'route-gone' | 'config-changed' | 'facts-changed' | 'code-changed';

/** A published version, as records name it. */
export interface NamedRoute {
  readonly model: string;
  readonly residency: string;
  readonly version: number;
  readonly checksum: string;
}

interface PlacedDifference extends Difference {
  readonly id: string;
  readonly at: string;
  /** Number of the decision in the record, from 0. */
  readonly decision: number;
}

export interface ReplayReport {
  /** There are records, and every decision of the period came out the same, of records that nobody changed. */
  readonly same: boolean;
  /** The trail is whole, and has no record of the period: nothing to prove. */
  readonly isNothing: boolean;
  readonly records: number;
  /** Decisions that came out the same. */
  readonly replayed: number;
  /** The first of them. */
  readonly differences: readonly PlacedDifference[];
  readonly differencesFound: number;
  /** Decisions by why nothing is said of them. */
  readonly undecided: Readonly<Partial<Record<Undecided, number>>>;
  /** Versions that records name and that are kept no more. */
  readonly routesGone: readonly NamedRoute[];
  /** Decisions that records counted and did not keep. */
  readonly notKept: number;
  readonly unreadable: number;
  readonly chains: readonly ReadChain[];
}

const DIFFERENCES_SHOWN_MAX = 100;
const LOADED_AT_A_TIME = 8;

/** Decides again what the trail recorded. @throws HouseError where an archive or a route cannot be read */
export async function replayTrail(question: ReplayQuestion): Promise<ReplayReport> {
  const records: DecisionRecord[] = [];
  let unreadable = 0;
  const chains = await readTrail({
    ...question,
    take: (record) => void records.push(record),
    takeUnreadable: () => {
      unreadable += 1;
    },
  });
  const replay = new Replay(question, await loadRoutes(question.routes, records));
  for (const record of records) replay.add(record);
  return replay.report({ chains, unreadable });
}

type RouteByChecksum = ReadonlyMap<string, Route>;

async function loadRoutes(
  routes: ReplayQuestion['routes'],
  records: readonly DecisionRecord[],
): Promise<RouteByChecksum> {
  const asked = [...new Map(records.flatMap(namedRoute).map((each) => [each.checksum, each])).values()];
  const byChecksum = new Map<string, Route>();
  for (let begin = 0; begin < asked.length; begin += LOADED_AT_A_TIME) {
    const some = asked.slice(begin, begin + LOADED_AT_A_TIME);
    const loaded = await Promise.all(
      some.map(({ model, residency, version }) => routes.loadVersion(model, residency, version)),
    );
    // Whatever stands under a number is what the checksum says, or nothing.
    for (const route of loaded) if (route !== undefined) byChecksum.set(route.checksum, route);
  }
  return byChecksum;
}

function namedRoute({ model, residency, versions: { route } }: DecisionRecord): readonly NamedRoute[] {
  if (model === undefined || route?.checksum === undefined) return [];
  return [{ model, residency, version: route.version, checksum: route.checksum }];
}

class Replay {
  readonly #question: ReplayQuestion;
  readonly #routes: RouteByChecksum;
  readonly #differences: PlacedDifference[] = [];
  readonly #undecided: Partial<Record<Undecided, number>> = {};
  readonly #routesGone = new Map<string, NamedRoute>();
  #records = 0;
  #replayed = 0;
  #differencesFound = 0;
  #notKept = 0;

  constructor(question: ReplayQuestion, routes: RouteByChecksum) {
    this.#question = question;
    this.#routes = routes;
  }

  add(record: DecisionRecord): void {
    this.#records += 1;
    this.#notKept += record.decisionsMade - record.decisions.length;
    const ground = this.#groundOf(record);
    if (ground === undefined) {
      this.#leaveOut('route-gone', record.decisions.length);
      for (const gone of namedRoute(record)) this.#routesGone.set(gone.checksum, gone);
      return;
    }
    const changed = this.#changedSince(record);
    for (const [decision, recorded] of record.decisions.entries()) {
      const difference = replayDecision(recorded, ground);
      if (difference === undefined) this.#replayed += 1;
      else if (changed !== undefined) this.#leaveOut(changed, 1);
      else this.#tell({ id: record.id, at: record.at, decision, ...difference });
    }
  }

  report(read: Pick<ReplayReport, 'chains' | 'unreadable'>): ReplayReport {
    const isDecided = Object.keys(this.#undecided).length === 0 && this.#notKept === 0;
    const isSame =
      this.#differencesFound === 0 && isDecided && read.unreadable === 0 && read.chains.every(isWhole);
    return {
      same: isSame && this.#records > 0,
      isNothing: isSame && this.#records === 0,
      records: this.#records,
      replayed: this.#replayed,
      differences: this.#differences,
      differencesFound: this.#differencesFound,
      undecided: this.#undecided,
      routesGone: [...this.#routesGone.values()],
      notKept: this.#notKept,
      ...read,
    };
  }

  /** Undefined where the record names a route that is not here. */
  #groundOf(record: DecisionRecord): ReplayGround | undefined {
    const { requestId, region, account, residency, allowed, model = '', candidates, versions } = record;
    const { facts, baselines } = this.#question;
    const checksum = versions.route?.checksum;
    const route = checksum === undefined ? undefined : this.#routes.get(checksum);
    if (checksum !== undefined && route === undefined) return undefined;
    return {
      ...{ requestId, gatewayRegion: region, gatewayAccount: account, facts, candidates },
      policy: policyRecorded(residency, allowed ?? []),
      ...candidatesFrom({ baselines, account }, { model, residency, route }),
    };
  }

  #changedSince({ versions }: DecisionRecord): Undecided | undefined {
    const { config, facts, code } = this.#question.versions;
    if (versions.config !== config) return 'config-changed';
    if (versions.facts !== facts) return 'facts-changed';
    return versions.code === code ? undefined : 'code-changed';
  }

  #leaveOut(why: Undecided, decisions: number): void {
    if (decisions > 0) this.#undecided[why] = (this.#undecided[why] ?? 0) + decisions;
  }

  #tell(difference: PlacedDifference): void {
    this.#differencesFound += 1;
    if (this.#differences.length < DIFFERENCES_SHOWN_MAX) this.#differences.push(difference);
  }
}
