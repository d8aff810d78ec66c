import { isStreamed } from '#core/call/work.ts';
import type { Usage } from '#core/chat/model-event.ts';
import { microUsdOfPico, picoUsdOfRequest } from '#core/units/micro-usd.ts';
import type { RequestRecord } from '../ports/gateway-metrics.ts';
import type { AttemptLog } from './attempt.ts';
import type { Job } from './job.ts';
import type { Services } from './services.ts';
import type { Answering } from './try-target.ts';

/** How a request ended. */
export interface Ending {
  /** `answered`, `cancelled` or an error code. */
  readonly outcome: string;
  readonly log: AttemptLog;
  readonly answering?: Answering | undefined;
  readonly answer?: { readonly usage: Usage | undefined } | undefined;
}

/** Stage 8. Health of the target that answered, metrics, and one log line. Called exactly once for each call. */
export function settle(services: Services, job: Job, ending: Ending): void {
  const { answering, outcome } = ending;
  const delivered = outcome === 'answered' || outcome === 'cancelled';
  // How soon a target counts says nothing of how soon it answers.
  if (answering !== undefined && delivered && job.call.work.kind !== 'count-tokens') {
    services.book.answered(answering.candidate.target, {
      at: services.clock.now(),
      firstContentMs: answering.firstContentMs,
      peers: job.sourced.targets,
    });
  }
  const record = recordOf(services, job, ending);
  services.metrics.record(record);
  writeLog(services, job, record);
}

function recordOf({ clock }: Services, job: Job, ending: Ending): RequestRecord {
  const { arrival, placement, call } = job;
  const { work } = call;
  const { answering, log, answer, outcome } = ending;
  const endedMs = clock.monotonicMs();
  const last = answering?.candidate ?? log.last;
  const firstMs =
    answering === undefined || work.kind !== 'chat'
      ? undefined
      : answering.calledMs + answering.firstContentMs;
  return {
    at: clock.now(),
    requestId: arrival.requestId,
    model: work.request.model,
    work: work.kind,
    residency: placement.policy.name,
    tenant: placement.tenant.name,
    tier: last?.tier,
    target: last?.target.id,
    outcome,
    attempts: log.attempts,
    wakeUps: log.wakeUps,
    spilled:
      answering !== undefined && log.firstTier !== undefined && answering.candidate.tier !== log.firstTier,
    streamed: isStreamed(work),
    durationMs: endedMs - arrival.startedMs,
    timeToFirstTokenMs: firstMs === undefined ? undefined : firstMs - arrival.startedMs,
    timePerOutputTokenMs: firstMs === undefined ? undefined : pace(endedMs - firstMs, answer?.usage),
    ...money(answering, answer?.usage),
  };
}

function pace(milliseconds: number, usage: Usage | undefined): number | undefined {
  return usage === undefined || usage.outputTokens < 2 ? undefined : milliseconds / (usage.outputTokens - 1);
}

function money(answering: Answering | undefined, usage: Usage | undefined): Partial<RequestRecord> {
  if (answering === undefined || usage === undefined) return {};
  const { inputTokens, outputTokens, cacheReadInputTokens, cacheWriteInputTokens } = usage;
  const costPicoUsd = picoUsdOfRequest(answering.candidate.target.pricing, {
    inTokens: inputTokens,
    outTokens: outputTokens,
    cacheReadTokens: cacheReadInputTokens ?? 0,
    cacheWriteTokens: cacheWriteInputTokens ?? 0,
  });
  return { inputTokens, outputTokens, cacheReadInputTokens, cacheWriteInputTokens, costPicoUsd };
}

/** An allow-list: names from the configuration, ids, closed words and numbers. Nothing that a caller wrote. */
function writeLog({ log, region }: Services, job: Job, record: RequestRecord): void {
  const { requestId, model, residency, tenant, tier, target, outcome, attempts } = record;
  log.write(outcome === 'answered' || outcome === 'cancelled' ? 'info' : 'warn', 'request', {
    requestId,
    gatewayRegion: region,
    model,
    work: record.work,
    residency,
    tenant,
    tier: tier ?? null,
    target: target ?? null,
    outcome,
    attempts: attempts.map((attempt) => `${attempt.target} ${attempt.outcome}`),
    routeSource: job.sourced.source,
    routeVersion: job.sourced.version,
    streamed: record.streamed,
    durationMs: Math.round(record.durationMs),
    inputTokens: record.inputTokens ?? null,
    outputTokens: record.outputTokens ?? null,
    costMicroUsd: record.costPicoUsd === undefined ? null : microUsdOfPico(record.costPicoUsd),
  });
}
