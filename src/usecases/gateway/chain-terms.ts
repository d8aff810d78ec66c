import { laneOfCall } from '#core/capacity/lane-of-call.ts';
import { traceIdOf } from '#core/trace/span-of-call.ts';
import type { IncomingCall } from './ingress.ts';
import type { Services } from './services.ts';
import type { Arrival } from './stage.ts';

/**
 * The call with the terms of its chain, where the configuration has them asked for, and neither this process nor the caller
 * knows them. Undefined where nobody needs to ask. Never rejects: who hears nothing in time begins a chain by itself.
 */
export function askTerms(
  { config, chains, learned }: Pick<Services, 'config' | 'chains' | 'learned'>,
  {
    tenant,
    call,
    arrival,
  }: { readonly tenant: string; readonly call: IncomingCall; readonly arrival: Arrival },
): Promise<IncomingCall> | undefined {
  const { options, work } = call;
  const { traceparent, lane, deadlineMs } = options;
  if (!config.chains.termsFromTable || traceparent === undefined || options.carried !== undefined)
    return undefined;
  if (arrival.request.tenant !== undefined || chains.knows(tenant, call, arrival)) return undefined;
  const first = { model: work.request.model, route: arrival.url.pathname };
  const until = deadlineMs === undefined ? undefined : arrival.at + deadlineMs;
  const terms = { lane, until, first };
  return learned
    .begin({ tenant, traceId: traceIdOf(traceparent), terms, at: arrival.at })
    ?.then((carried) => {
      // Told by another process of the same configuration; judged all the same.
      const isAllowed =
        carried !== undefined && laneOfCall(carried.lane, config.tenants[tenant] ?? {}).kind === 'lane';
      return isAllowed ? { ...call, options: { ...options, carried } } : call;
    });
}
