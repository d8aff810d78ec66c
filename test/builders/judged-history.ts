/** Pieces of a simulated world's history, and what a judge says of them. */
import type { Judge } from '#simulator/judges/judge.ts';
import { textOfTokens } from '#simulator/world/answer-text.ts';
import { CallerView } from '#simulator/world/caller-view.ts';
import { SimulatedAnswer } from '#simulator/world/simulated-answer.ts';
import type { SentCall } from '#simulator/world/simulated-invoker.ts';
import type { SimulatedRequest } from '#simulator/world/simulated-request.ts';
import type { Ended } from '#simulator/world/world.ts';
import { aTarget } from './a-target.ts';

export const worldStartMs = Date.UTC(2026, 10, 22);

/** A streamed chat of fifty tokens to the gateway of us-east-1, which waits for its answer. */
export function aSimulatedRequest(changes: Partial<SimulatedRequest> = {}): SimulatedRequest {
  return {
    id: 1,
    atMs: worldStartMs,
    gateway: 'us-east-1',
    tenant: 'demo',
    residency: 'us',
    model: 'chat-small',
    lane: 'standard',
    inputTokens: 100,
    outputTokens: 50,
    streamed: true,
    ...changes,
  };
}

/** A call of that request, to whose answer its target has written so many tokens, and no more to come. */
export function aSentCall(
  changes: Partial<SentCall> & { readonly writtenTokens?: number; readonly isWhole?: boolean } = {},
): SentCall {
  const { writtenTokens = 0, isWhole = writtenTokens > 0, ...others } = changes;
  const { target = aTarget(), request = aSimulatedRequest() } = others;
  const { inputTokens, outputTokens } = request;
  const served = { target, inputTokens, outputTokens, maxTokens: 1_000 };
  const answer = new SimulatedAnswer(served, new AbortController().signal, () => undefined);
  if (writtenTokens > 0) answer.wrote(writtenTokens);
  if (isWhole) answer.finished();
  return { target, gateway: request.gateway, request, isWakeUp: false, answer, ...others };
}

/** A request that was answered whole by its first call; its caller was shown so many tokens. */
export function anEnding(
  changes: Partial<Omit<Ended, 'view'>> & {
    readonly shownTokens?: number;
    readonly ends?: number;
    readonly breaks?: number;
  } = {},
): Ended {
  const { shownTokens = 50, ends = 1, breaks = 0, ...others } = changes;
  const view = new CallerView(() => worldStartMs);
  if (shownTokens > 0) view.step({ type: 'text-delta', index: 0, text: textOfTokens(shownTokens) });
  for (let count = 0; count < ends; count += 1) view.end();
  for (let count = 0; count < breaks; count += 1) view.interrupted();
  view.receivedBytes = view.madeBytes;
  return {
    request: aSimulatedRequest(),
    status: 200,
    endedAtMs: worldStartMs + 1_000,
    view,
    target: aTarget().id,
    tier: 'serverless',
    attempts: 1,
    ...others,
  };
}

/** Hands a judge a history, and gives all that it reported. */
export function reportsOf(judge: Judge) {
  const reports: string[] = [];
  const report = (what: string) => void reports.push(what);
  return {
    reports,
    sent: (call: SentCall) => judge.sent?.(call, report),
    ended: (ended: Ended) => judge.ended?.(ended, report),
    recorded: (record: Parameters<NonNullable<Judge['recorded']>>[0]) => judge.recorded?.(record, report),
    defect: (event: string, facts?: object) => judge.defect?.(event, facts, report),
    atRest: () => judge.atRest?.(report),
  };
}
