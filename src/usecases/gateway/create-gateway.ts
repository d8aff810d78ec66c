/**
 * usecases/gateway: the life of one request, one file per stage.
 *
 * Invariant: every call to a target comes out of the decide stage; a prompt is not read where its residency does not
 * allow it; an answer is never invented. The folder owns the state of one gateway process: routes
 * (`route-source.ts`), health and pressure (`conditions-book.ts`), told signals and wake-ups.
 *
 *     identify → place → ingress → limit → decide → admit → attempt ⟲ decide → deliver → settle
 */
import type { FrontDoorPrincipal } from '#core/keys/principal.ts';
import { answerJson, answerRefusal } from './answer.ts';
import { answerCall } from './answer-call.ts';
import {
  type ConsoleEndpoint,
  type Endpoint,
  type EndpointMatch,
  loadWireFormats,
  matchEndpoint,
  type RouteLookEndpoint,
} from './endpoints.ts';
import { answerExplain } from './explain.ts';
import type { Gateway, GatewayDependencies } from './gateway.ts';
import { type GatewayAnswer, webResponse } from './gateway-answer.ts';
import type { GatewayRequest } from './gateway-request.ts';
import { answerModel, answerModels } from './list-models.ts';
import { openServices } from './open-services.ts';
import { answerOperation } from './operate.ts';
import { readinessOf } from './readiness.ts';
import type { Services } from './services.ts';
import { answerAvailability } from './show-availability.ts';
import { answerRoute } from './show-route.ts';
import type { Arrival } from './stage.ts';
import type { WriteBehind } from './write-behind.ts';

export type { Gateway, GatewayDependencies } from './gateway.ts';

/** Puts a gateway together; touches nothing until `start` or the first request. */
export function createGateway(dependencies: GatewayDependencies): Gateway {
  const services = openServices(dependencies);
  return {
    answer: (request) => answerSafely(services, request),
    handle: async (request, principal) =>
      webResponse(await answerSafely(services, signedBy(request, principal))),
    isReady: () => readinessOf(services),
    start: async () => {
      services.healthSharing.start();
      await Promise.all([services.routeSource.start(), dependencies.servesMany && loadWireFormats()]);
    },
    refresh: () => services.routeSource.refresh(),
    settled: (msMax) => allWritten(services.behind, dependencies, msMax),
    stop: () => {
      services.routeSource.stop();
      services.healthSharing.stop();
      services.live.desk?.close();
    },
  };
}

/** Records go to the trail behind the answers, and the trail hands them on by itself: the one after the other. */
function allWritten(
  behind: WriteBehind,
  { auditing, clock }: Pick<GatewayDependencies, 'auditing' | 'clock'>,
  msMax: number | undefined,
): Promise<void> | undefined {
  if (auditing === undefined) return behind.settled(msMax);
  const { trail } = auditing;
  if (msMax === undefined) return (behind.settled() ?? Promise.resolve()).then(() => trail.settled());
  const startedMs = clock.monotonicMs();
  const leftMs = () => Math.max(0, msMax - (clock.monotonicMs() - startedMs));
  // Leases end by themselves, records do not: what hangs before them leaves them half of the time.
  return (behind.settled(msMax / 2) ?? Promise.resolve()).then(() => trail.settled(leftMs()));
}

function signedBy(request: Request, principal: FrontDoorPrincipal | undefined): GatewayRequest {
  if (principal === undefined) return request;
  const { method, url, headers, signal, body } = request;
  return { method, url, headers, signal, body, principal };
}

/** Never rejects: what goes wrong in here is ours, and the caller learns only that. */
async function answerSafely(services: Services, request: GatewayRequest): Promise<GatewayAnswer> {
  const { clock } = services;
  const requestId = services.ids.next();
  const url = urlOf(request.url);
  const match = matchEndpoint(request.method, url.pathname);
  const { errors } = match;
  try {
    const arrival = { request, url, requestId, at: clock.now(), startedMs: clock.monotonicMs() };
    return await answer(services, arrival, match);
  } catch (error) {
    services.log.write('error', 'internal-error', { requestId, ...defectFacts(error) });
    const message =
      'Something went wrong inside the gateway. The request id tells its operators where to look.';
    return answerRefusal({ code: 'internal_error', message }, { requestId }, errors);
  }
}

/** Callers ask for the same few. What is long or asks a question is read anew, so that nobody fills this. */
const knownUrls = new Map<string, URL>();
const KNOWN_URLS_MAX = 256;
const KNOWN_URL_CHARACTERS_MAX = 256;

function urlOf(text: string): URL {
  const known = knownUrls.get(text);
  if (known !== undefined) return known;
  const url = new URL(text);
  if (text.length > KNOWN_URL_CHARACTERS_MAX || url.search !== '') return url;
  if (knownUrls.size >= KNOWN_URLS_MAX) knownUrls.clear();
  knownUrls.set(text, url);
  return url;
}

/** Where it happened, without the message: that could quote what a caller wrote. */
function defectFacts(error: unknown): { readonly error: string; readonly frames: readonly string[] } {
  if (!(error instanceof Error)) return { error: 'unknown', frames: [] };
  const lines = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return { error: error.name, frames: lines.slice(0, 8).map((line) => line.trim()) };
}

/** What of it is known at once is no promise: each one that a request waits for is a turn of the queue. */
type Answered = GatewayAnswer | Promise<GatewayAnswer>;

function answer(services: Services, arrival: Arrival, match: EndpointMatch): Answered {
  const { requestId } = arrival;
  switch (match.kind) {
    case 'unknown-path':
      return answerRefusal(
        { code: 'not_found', message: 'There is nothing at this path.' },
        { requestId },
        match.errors,
      );
    case 'wrong-method': {
      const message = `This path takes ${match.allow.join(', ')} only.`;
      return answerRefusal(
        { code: 'method_not_allowed', message, allow: match.allow },
        { requestId },
        match.errors,
      );
    }
    case 'found':
      return answerEndpoint(services, arrival, match.endpoint);
  }
}

/** Of files and batches most processes never hear: what answers them is loaded with the first who asks. */
async function answerStored(
  services: Services,
  arrival: Arrival,
  asked: Extract<Endpoint, { kind: 'bulk' }>,
): Promise<GatewayAnswer> {
  const { answerBulk } = await import('../batch/answer-bulk.ts');
  return answerBulk(services, arrival, asked);
}

/** Callers of models never ask for the console: what answers is loaded with the first who does. */
async function answerConsoleFile(
  services: Services,
  arrival: Arrival,
  asked: ConsoleEndpoint,
): Promise<GatewayAnswer> {
  const { answerConsole } = await import('./show-console.ts');
  return answerConsole(services, arrival, asked.file);
}

/** People look at routes and their history, callers of models do not: loaded with the first who does. */
async function answerToldRoutes(
  services: Services,
  arrival: Arrival,
  asked: RouteLookEndpoint,
): Promise<GatewayAnswer> {
  if (asked.kind === 'route-list')
    return (await import('./show-route-list.ts')).answerRouteList(services, arrival);
  const told = await import('./show-route-history.ts');
  return asked.kind === 'route-history'
    ? told.answerRouteHistory(services, arrival, asked.name)
    : told.answerRouteDifference(services, arrival, asked.name);
}

/** Nor at the map. */
async function answerMap(services: Services, arrival: Arrival): Promise<GatewayAnswer> {
  const { answerResidencies } = await import('./show-residencies.ts');
  return answerResidencies(services, arrival);
}

/** Nor do they listen to what the gateway does. */
async function answerLiveEvents(services: Services, arrival: Arrival): Promise<GatewayAnswer> {
  const { answerEvents } = await import('./live-events.ts');
  return answerEvents(services, arrival);
}

/** Nor do they ask how it was. */
async function answerPast(
  services: Services,
  arrival: Arrival,
  asked: 'moment' | 'changes',
): Promise<GatewayAnswer> {
  const told = await import('./show-availability-history.ts');
  return asked === 'moment'
    ? told.answerPastAvailability(services, arrival)
    : told.answerAvailabilityChanges(services, arrival);
}

function answerEndpoint(services: Services, arrival: Arrival, endpoint: Endpoint): Answered {
  switch (endpoint.kind) {
    case 'call':
      return answerCall(services, arrival, endpoint);
    case 'bulk':
      return answerStored(services, arrival, endpoint);
    case 'models':
      return answerModels(services, arrival);
    case 'model':
      return answerModel(services, arrival, endpoint.name);
    case 'explain':
      return answerExplain(services, arrival);
    case 'availability':
      return arrival.url.searchParams.has('at')
        ? answerPast(services, arrival, 'moment')
        : answerAvailability(services, arrival);
    case 'availability-changes':
      return answerPast(services, arrival, 'changes');
    case 'events':
      return answerLiveEvents(services, arrival);
    case 'route':
      return answerRoute(services, arrival, endpoint.name);
    case 'route-list':
    case 'route-history':
    case 'route-difference':
      return answerToldRoutes(services, arrival, endpoint);
    case 'operation':
      return answerOperation(services, arrival, endpoint.name);
    case 'residencies':
      return answerMap(services, arrival);
    case 'console':
      return answerConsoleFile(services, arrival, endpoint);
    case 'healthz':
      return answerJson({ status: 'ok' }, { requestId: arrival.requestId });
    case 'readyz': {
      const readiness = readinessOf(services);
      return answerJson(readiness, { requestId: arrival.requestId }, readiness.ready ? 200 : 503);
    }
  }
}
