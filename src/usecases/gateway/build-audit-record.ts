/** From what was kept of a request to its record in the audit trail. An allow-list: what is not named here is not told. */
import { AUDIT_RECORD_BYTES_MAX, AUDIT_RECORD_SCHEMA } from '#contract/audit-limits.ts';
import type { DecisionRecord } from '#contract/audit-record.ts';
import { recordCandidates } from '#core/audit/candidate-places.ts';
import { recordDecision } from '#core/audit/record-decision.ts';
import { recordOverrides } from '#core/audit/record-overrides.ts';
import type { WorkKind } from '#core/call/work.ts';
import type { Lane } from '#core/capacity/lane.ts';
import type { Candidate } from '#core/decide/decision.ts';
import { scorers } from '#core/decide/scorers/scorers.ts';
import type { ResidencyPolicy } from '#core/residency/resolve-residency.ts';
import { spanOfCall, traceIdOf } from '#core/trace/span-of-call.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import type { AuditVersions } from '../ports/auditing.ts';
import type { AttemptRecord, RequestRecord } from '../ports/gateway-metrics.ts';
import type { Credential, Tenant } from '../ports/tenant-directory.ts';
import type { AuditNotes, NotedAttempt } from './audit-notes.ts';
import type { SourcedRoute } from './route-source.ts';

/** A request that is over, or a pre-warm that was ordered beside one. */
export interface EndedRequest {
  readonly kind: DecisionRecord['kind'];
  readonly requestId: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly endedAt: number;
  /** The gateway's own. */
  readonly region: string;
  readonly account: string;
  readonly tenant: Tenant;
  /** The product asked for the tenant by itself. */
  readonly isBatch: boolean;
  /** One of the configuration. */
  readonly residencyAsked?: string | undefined;
  readonly policy?: ResidencyPolicy | undefined;
  /** One of the configuration. */
  readonly model?: string | undefined;
  readonly work?: WorkKind | undefined;
  readonly streamed?: boolean | undefined;
  readonly lane?: Lane | undefined;
  readonly traceparent?: string | undefined;
  readonly sourced?: SourcedRoute | undefined;
  readonly notes?: AuditNotes | undefined;
  /** One for each attempt that was noted, as far as the request got. */
  readonly attempts?: readonly AttemptRecord[] | undefined;
  readonly answeredBy?: Candidate | undefined;
  readonly outcome: string;
  readonly usage?: Partial<RequestRecord> | undefined;
}

export function buildAuditRecord(ended: EndedRequest, versions: AuditVersions): DecisionRecord {
  const { kind, requestId, at, endedAt, region, account, tenant, policy, model, notes, answeredBy } = ended;
  const [first] = notes?.decisions ?? [];
  const candidates = first === undefined ? [] : recordCandidates(first.roster);
  const answered = candidates.findIndex(
    ({ target, tier }) => target === answeredBy?.target.id && tier === answeredBy.tier,
  );
  return bounded({
    schema: AUDIT_RECORD_SCHEMA,
    kind,
    id: kind === 'call' ? requestId : `${requestId}/${model}`,
    requestId,
    at: timeOf(at),
    endedAt: timeOf(Math.max(at, endedAt)),
    traceId: notes === undefined ? undefined : traceOf(ended),
    tenant: tenant.name,
    ...callerOf(ended),
    region,
    account,
    residency: policy?.name ?? '',
    residencyAsked: ended.residencyAsked,
    allowed: policy === undefined ? undefined : allowedOf(policy),
    model,
    work: ended.work,
    streamed: ended.streamed,
    lane: ended.lane,
    versions: { ...versions, route: routeOf(ended.sourced) },
    candidates: [...candidates],
    scorers: candidates.length === 0 ? [] : scorers.map(({ name }) => name),
    decisions: (notes?.decisions ?? []).map(recordDecision),
    decisionsMade: notes?.decisionsMade ?? 0,
    overrides: overridesOf(notes),
    attempts: (notes?.attempts ?? []).map((each, index) => attemptOf(each, ended.attempts?.[index], endedAt)),
    woken: wokenOf(ended),
    outcome: ended.outcome,
    answeredBy: answered === -1 ? undefined : answered,
    usage: usageOf(ended.usage),
  });
}

/** Rows of candidates that surely fit, whatever is known of each. */
const ROWS_SMALL = 300;

/** Many decisions over many candidates are more than a message holds: of those the first are kept, and the last. */
function bounded(record: DecisionRecord): DecisionRecord {
  const { decisions, candidates } = record;
  if (decisions.length * candidates.length <= ROWS_SMALL) return record;
  // All of it is ASCII.
  const lengths = decisions.map((decision) => JSON.stringify(decision).length + 1);
  let room = AUDIT_RECORD_BYTES_MAX - JSON.stringify({ ...record, decisions: [] }).length;
  room -= lengths.at(-1) ?? 0;
  const begin = decisions.slice(0, -1).filter((_, index) => {
    room -= lengths[index] ?? 0;
    return room >= 0;
  });
  return { ...record, decisions: [...begin, ...decisions.slice(-1)] };
}

/** Whole milliseconds, whatever a clock knows of their parts. */
function timeOf(at: number): string {
  return isoOfInstant(Math.floor(at));
}

function inMicroseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

/** What targets are sent where the caller brought no trace is made of the request's id. */
function traceOf({ traceparent: caller, requestId }: EndedRequest): string {
  return traceIdOf(spanOfCall({ caller, requestId, targetId: '' }));
}

/** What traces a credential, and nothing that names a person or opens a door. */
function callerOf({ tenant, isBatch }: EndedRequest): Pick<DecisionRecord, 'caller'> {
  if (isBatch) return { caller: { kind: 'batch' } };
  return tenant.credential === undefined ? {} : { caller: credentialOf(tenant.credential) };
}

function credentialOf(credential: Credential): DecisionRecord['caller'] {
  switch (credential.kind) {
    case 'key':
      return { kind: 'key', keyId: credential.keyId };
    case 'configured-key':
      return { kind: 'configured-key', hashStart: credential.hashStart };
    case 'token':
      return { kind: 'token', issuer: credential.issuer, subjectMark: credential.subjectMark };
    case 'principal':
      return { kind: 'principal', arn: credential.arn };
  }
}

function allowedOf({ allowed }: ResidencyPolicy): DecisionRecord['allowed'] {
  return allowed === 'any' ? 'any' : [...allowed].sort();
}

function routeOf(sourced: SourcedRoute | undefined): DecisionRecord['versions']['route'] {
  if (sourced === undefined) return undefined;
  const { version, source, route } = sourced;
  return { version, source, checksum: route?.checksum };
}

function targetOf({ target, tier, verdict }: Candidate): RecordedTarget {
  const { id, account, region, kind, scope, modelId, profileId, reach } = target;
  return {
    target: id,
    ...{ account, region, kind, scope, tier, modelId, profileId },
    statedReach: reach,
    reach: verdict.lawful ? verdict.reach : [],
  };
}

type RecordedTarget = Omit<NonNullable<DecisionRecord['woken']>[number], 'words'>;

/** @param log undefined where a defect ended the request before the attempt was over */
function attemptOf(
  { candidate, at }: NotedAttempt,
  log: AttemptRecord | undefined,
  endedAt: number,
): DecisionRecord['attempts'][number] {
  const { maxTokens, dropped, jsonWay, jsonWayReason } = candidate;
  return {
    ...targetOf(candidate),
    at: timeOf(at),
    durationMs: inMicroseconds(log?.durationMs ?? Math.max(0, endedAt - at)),
    outcome: log?.outcome ?? 'internal-error',
    ...{ maxTokens, dropped, jsonWay, jsonWayReason },
  };
}

function overridesOf(notes: AuditNotes | undefined): DecisionRecord['overrides'] {
  if (notes === undefined || notes.words.length === 0) return undefined;
  return recordOverrides(notes.decisions, notes.words);
}

/** A pre-warm says words of the product's own; what sleeps beside a call is woken with the call's. */
function wokenOf({ kind, notes }: EndedRequest): DecisionRecord['woken'] {
  if (notes === undefined || notes.woken.length === 0) return undefined;
  const words = kind === 'call' ? 'callers' : 'own';
  return notes.woken.map((candidate) => ({ ...targetOf(candidate), words }));
}

function usageOf(usage: EndedRequest['usage']): DecisionRecord['usage'] {
  if (usage?.inputTokens === undefined || usage.outputTokens === undefined) return undefined;
  const { inputTokens, outputTokens, cacheReadInputTokens, cacheWriteInputTokens } = usage;
  const { usageEstimated: estimated, costPicoUsd } = usage;
  return {
    ...{ inputTokens, outputTokens, cacheReadInputTokens, cacheWriteInputTokens, estimated },
    costPicoUsd: costPicoUsd?.toString(),
  };
}
