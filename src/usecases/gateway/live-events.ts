import { answerRefusal, labelHeaders } from './answer.ts';
import { eventStreamMediaType } from './dialects/server-sent-events.ts';
import type { GatewayAnswer } from './gateway-answer.ts';
import { identifyViewer } from './identify-viewer.ts';
import { LiveDesk } from './live-desk.ts';
import type { StandingCall } from './live-event.ts';
import { liveViewOf } from './live-view.ts';
import type { Services } from './services.ts';
import type { Arrival } from './stage.ts';

/** Then a listener comes back and shows its key again: what was revoked is seen no longer than this. */
const LISTENS_MS_MAX = 300_000;
const RETRY_AFTER_MS = 10_000;

/** GET /spillway/v1/events: what this process does, once a second as server-sent events; a tenant's own, or all for an operator. */
export async function answerEvents(services: Services, arrival: Arrival): Promise<GatewayAnswer> {
  const { request, requestId } = arrival;
  const labels = { requestId };
  const identified = await identifyViewer(services, request);
  if (!identified.ok) return answerRefusal(identified.refusal, labels);
  if (services.servesMany !== true) {
    const message =
      'There are no live events here: this gateway answers one request at a time in each process, which sees no other. Its dashboards show all of them.';
    return answerRefusal({ code: 'not_found', message }, labels);
  }
  const body = deskOf(services).subscribe({
    view: liveViewOf(identified.value),
    lastEventId: request.headers.get('last-event-id'),
    listensMs: listensMs(services),
    ends: [request.signal, ...(request.draining === undefined ? [] : [request.draining])],
  });
  if (body === undefined) {
    const message =
      'As many listen to the live events of this gateway as may. Try again after the time in retry-after.';
    return answerRefusal({ code: 'capacity_exhausted', message, retryAfterMs: RETRY_AFTER_MS }, labels);
  }
  const headers = labelHeaders(labels);
  headers.set('content-type', eventStreamMediaType);
  headers.set('cache-control', 'no-store');
  // Proxies that gather an answer before they pass it on would show nothing for minutes.
  headers.set('x-accel-buffering', 'no');
  return { status: 200, headers, body };
}

/** No longer than the longest answer may take: a function's environment has time for that and no more. */
function listensMs({ config }: Pick<Services, 'config'>): number {
  const deadlines = [config.deadlines, ...Object.values(config.models).map((model) => model.deadlines)];
  return Math.min(LISTENS_MS_MAX, Math.max(...deadlines.map(({ totalMs }) => totalMs)));
}

function deskOf(services: Services): LiveDesk {
  const { live, clock, region, ids } = services;
  if (live.desk !== undefined) return live.desk;
  const desk = new LiveDesk({
    clock,
    region,
    run: ids.next(),
    standing: () => ({ waiting: waitingCalls(services), held: heldCalls(services) }),
    onClosed: () => {
      if (live.desk === desk) live.desk = undefined;
    },
  });
  live.desk = desk;
  return desk;
}

/** What is not known of a call opens it to nobody but operators. */
function waitingCalls({ lines }: Services): readonly StandingCall[] {
  return Array.from(lines?.standing() ?? [], ([target, { tenant, residency = '', model = '', lane }]) => ({
    target,
    tenant,
    residency,
    model,
    lane,
  }));
}

function heldCalls({ leases }: Services): readonly StandingCall[] {
  return Array.from(leases.held(), ([limit, { tenant, residency, model, lane }]) => ({
    ...{ tenant, residency, model, lane },
    target: limit.target,
    slotsMax: limit.slots,
  }));
}
