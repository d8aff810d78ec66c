import { AUDIT_RECORD_SCHEMA } from '#contract/audit-limits.ts';
import { requestHeaders } from '#contract/http.ts';
import type { AuditRecord } from '#core/audit/handed-record.ts';
import { isStreamed, type Work } from '#core/call/work.ts';
import type { Lane } from '#core/capacity/lane.ts';
import type { Candidate } from '#core/decide/decision.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import type { Auditing } from '../ports/auditing.ts';
import type { Clock } from '../ports/clock.ts';
import type { AttemptRecord, RequestRecord } from '../ports/gateway-metrics.ts';
import type { Log } from '../ports/log.ts';
import type { Tenant } from '../ports/tenant-directory.ts';
import { AuditNotes } from './audit-notes.ts';
import type { EndedRequest } from './build-audit-record.ts';
import type { SourcedRoute } from './route-source.ts';
import type { Arrival, Placement, Refusal } from './stage.ts';
import type { WriteBehind } from './write-behind.ts';

/** What of a job its record tells. */
interface AuditedJob {
  readonly arrival: Arrival;
  readonly placement: Placement;
  readonly call: {
    readonly work: Work;
    readonly options: { readonly lane: Lane; readonly traceparent?: string | undefined };
  };
  readonly sourced: SourcedRoute;
  readonly notes?: AuditNotes | undefined;
}

/** How it ended. */
interface AuditedEnding {
  /** `answered`, `resumed`, `cancelled` or an error code. */
  readonly outcome: string;
  readonly log: { readonly attempts: readonly AttemptRecord[] };
  readonly answering?: { readonly candidate: Candidate } | undefined;
}

/** Hands a record of every request of a tenant to the audit trail: behind the answer, and whatever becomes of it. */
export interface AuditDesk {
  /** Of one request. */
  open(): AuditNotes;
  /** @param record what the metrics tell of it. Undefined where it ended by a defect */
  ended(job: AuditedJob, ending: AuditedEnding, record: RequestRecord | undefined): void;
  /** Before it was known to be a call of a model that the tenant may use. */
  turnedAway(
    arrival: Arrival,
    known: {
      readonly tenant: Tenant;
      readonly placement?: Placement | undefined;
      readonly refusal: Pick<Refusal, 'code' | 'model'>;
    },
  ): void;
  /** Sleeping targets of a model that the chain of this request will need were told to wake up. */
  preWarmed(job: AuditedJob): void;
}

export interface AuditDeskParts {
  readonly auditing: Auditing;
  readonly region: string;
  readonly account: string;
  /** Names of the residencies of the configuration. */
  readonly policies: ReadonlyMap<string, unknown>;
  readonly clock: Clock;
  readonly log: Log;
  readonly behind: Pick<WriteBehind, 'add'>;
}

export function createAuditDesk(parts: AuditDeskParts): AuditDesk {
  const hand = createHand(parts);
  const begun = ({ request, requestId, at }: Arrival) => {
    const named = request.headers.get(requestHeaders.residency);
    return {
      requestId,
      at,
      endedAt: parts.clock.now(),
      region: parts.region,
      account: parts.account,
      isBatch: request.tenant !== undefined,
      // What is configured nowhere may be anything.
      residencyAsked: named !== null && parts.policies.has(named) ? named : undefined,
    };
  };
  return {
    open: () => new AuditNotes(),
    ended: (job, { outcome, log, answering }, record) =>
      hand({
        ...begun(job.arrival),
        ...decidedOf(job),
        kind: 'call',
        streamed: isStreamed(job.call.work),
        outcome,
        attempts: log.attempts,
        answeredBy: answering?.candidate,
        usage: record,
      }),
    turnedAway: (arrival, { tenant, placement, refusal }) =>
      hand({
        ...begun(arrival),
        kind: 'call',
        tenant,
        policy: placement?.policy,
        model: refusal.model,
        outcome: refusal.code,
      }),
    preWarmed: (job) =>
      hand({ ...begun(job.arrival), ...decidedOf(job), kind: 'pre-warm', outcome: 'pre-warmed' }),
  };
}

function decidedOf({ placement, call, sourced, notes }: AuditedJob) {
  return {
    tenant: placement.tenant,
    policy: placement.policy,
    model: call.work.request.model,
    work: call.work.kind,
    lane: call.options.lane,
    traceparent: call.options.traceparent,
    sourced,
    notes,
  };
}

/** Requests that have ended wait for the next turn, so that their answers go out first; then all are written down at once. */
function createHand({
  auditing,
  log,
  behind,
}: Pick<AuditDeskParts, 'auditing' | 'log' | 'behind'>): (ended: EndedRequest) => void {
  const waiting: EndedRequest[] = [];
  let isWriting = false;
  const write = async (): Promise<void> => {
    try {
      await auditing.nextTurn();
      const { buildAuditRecord } = await import('./build-audit-record.ts');
      for (let ended = waiting.shift(); ended !== undefined; ended = waiting.shift()) {
        const record = ended;
        attempt(record, () => auditing.trail.record(buildAuditRecord(record, auditing.versions())));
      }
    } finally {
      isWriting = false;
    }
  };
  /** What cannot be written down is told as such, in the log and in the trail: never lost silently. */
  const attempt = (ended: EndedRequest, recording: () => void): void => {
    try {
      recording();
    } catch (error) {
      const { requestId } = ended;
      const name = error instanceof Error ? error.name : 'unknown';
      log.write('error', 'audit-record-failed', { requestId, error: name });
      auditing.trail.record(unwritten(ended));
    }
  };
  return (ended) => {
    waiting.push(ended);
    if (isWriting) return;
    isWriting = true;
    behind.add(write());
  };
}

function unwritten({ requestId: id, at, region, policy, tenant }: EndedRequest): AuditRecord {
  const residency = policy?.name ?? '';
  const names = { id, at: isoOfInstant(Math.floor(at)), region, residency, tenant: tenant.name };
  return { schema: AUDIT_RECORD_SCHEMA, kind: 'unwritten', ...names };
}
