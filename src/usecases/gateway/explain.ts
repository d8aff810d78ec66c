import { type Explanation, requestHeaders } from '#contract/http.ts';
import type { Decision, Removal } from '#core/decide/decision.ts';
import { scorers } from '#core/decide/scorers/scorers.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import { answerJson, answerRefusal } from './answer.ts';
import { type CallEndpoint, callAt, callPaths } from './endpoints.ts';
import { leftOutForResidency } from './explain-left-out.ts';
import { probesOf, withPressure } from './explain-pressure.ts';
import { type Foreseen, foresee } from './foresee.ts';
import type { GatewayAnswer } from './gateway-answer.ts';
import { identifyViewer, type Viewer } from './identify-viewer.ts';
import { ingress } from './ingress.ts';
import type { Job } from './job.ts';
import { place } from './place.ts';
import type { Services } from './services.ts';
import { type AnswerLabels, type Arrival, passed, refused, type Staged } from './stage.ts';
import { toldTargets } from './told-changes.ts';
import { visibleTo } from './visible-targets.ts';

/** Whose body is explained where the query does not say. */
const USUAL_PATH = '/v1/chat/completions';

/**
 * POST /spillway/v1/explain: what would happen to this very call, and why. The body is that of the path that `for`
 * names. Calls no model. Every well-formed,
 * authorised body gets an answer: one that this gateway must not serve is a rejection with the lawful gateways. With
 * `from` the gateway of that region is asked about: its place decides, and health and capacity are as known here.
 */
export async function answerExplain(own: Services, arrival: Arrival): Promise<GatewayAnswer> {
  const { request, requestId } = arrival;
  const start: AnswerLabels = { requestId };
  const identified = await identifyViewer(own, request);
  if (!identified.ok) return answerRefusal(identified.refusal, start);
  const from = askedRegion(own, arrival.url);
  if (!from.ok) return answerRefusal(from.refusal, start);
  const services = { ...own, region: from.value };
  const placed = place(services, identified.value.tenant, request.headers.get(requestHeaders.residency));
  if (!placed.ok) return answerRefusal(placed.refusal, start);
  const placement = placed.value;
  const labels = { ...start, residency: placement.policy.name };
  const explained = explainedCall(arrival.url);
  if (!explained.ok) return answerRefusal(explained.refusal, labels);
  const { dialect, path } = explained.value;
  const entered = await ingress(services.config, { request, tenant: placement.tenant, dialect, path });
  if (!entered.ok) return answerRefusal(entered.refusal, labels);
  await services.routeSource.whenFresh();
  const { model } = entered.value.work.request;
  const sourced = services.routeSource.routeFor(model, placement.policy.name);
  const options = services.chains.optionsOf(placement.tenant.name, entered.value, arrival);
  const call = { ...entered.value, options };
  const marks = services.affinity.marksOf(placement, call);
  const job: Job = { arrival, placement, call, sourced, marks };
  const observed = (await services.observedTargets.load()).filter(visibleTo(services, identified.value));
  const leftOut = leftOutForResidency(services, job, observed);
  const explanation = explanationOf(services, job, { ...foresee(services, job), leftOut });
  const told = { ...explanation, removed: toldRemovals(services, identified.value, { job, explanation }) };
  const seenFrom = own.region === services.region ? {} : { seenFrom: own.region };
  return answerJson({ ...told, ...seenFrom }, { ...labels, model });
}

/** A table may hold what is outside all of the viewer's residencies: it falls, and nobody is told its name. */
function toldRemovals(
  services: Services,
  viewer: Viewer,
  { job, explanation }: { readonly job: Job; readonly explanation: Explanation },
): Explanation['removed'] {
  const { targets, baseline } = job.sourced;
  const { isTold } = toldTargets(services, viewer, [{ targets, baseline }]);
  return explanation.removed.filter(({ target }) => isTold(target));
}

/** The gateway region that would decide: this one's unless the query says another. */
function askedRegion({ region, config }: Services, url: URL): Staged<string> {
  const from = url.searchParams.get('from') ?? region;
  if (from === region || config.gateways.includes(from)) return passed(from);
  const message = `The query from must be the region of a gateway: ${config.gateways.join(', ')}.`;
  return refused({ code: 'invalid_request', message, param: 'from' });
}

function explainedCall(url: URL): Staged<CallEndpoint> {
  const found = callAt(url.searchParams.get('for') ?? USUAL_PATH);
  if (found !== undefined) return passed(found);
  const message = `The query for must be the path of a call: ${callPaths.join(', ')}.`;
  return refused({ code: 'invalid_request', message, param: 'for' });
}

function explanationOf(
  services: Services,
  job: Job,
  {
    decision,
    denials,
    leftOut,
  }: {
    readonly decision: Decision;
    readonly denials: ReadonlyMap<string, Foreseen>;
    readonly leftOut: readonly Removal[];
  },
): Explanation {
  const { placement, sourced, call, arrival } = job;
  const routed = decision.kind === 'routed' && placement.lawfulHere;
  const code = routed ? undefined : placement.lawfulHere ? rejectionCode(decision) : 'wrong_gateway_region';
  return {
    decision: routed ? 'routed' : 'rejected',
    ...(code === undefined ? {} : { code }),
    residency: placement.policy.name,
    from: services.region,
    plan: routed ? decision.plan.map(({ target }) => target.id) : [],
    ...(routed ? probesOf(services, decision.plan) : {}),
    removed: [
      ...decision.trail.removed.map((each) =>
        withPressure(services, job, { removal: each, denials, routed }),
      ),
      ...leftOut,
    ],
    scored: scoresOf(decision),
    ...(decision.trail.dropped === undefined ? {} : { dropped: [...decision.trail.dropped] }),
    ...(decision.trail.jsonBy === undefined ? {} : { jsonBy: [...decision.trail.jsonBy] }),
    route: {
      model: call.work.request.model,
      residency: placement.policy.name,
      version: sourced.version,
      source: sourced.source,
    },
    ...(placement.lawfulHere ? {} : { gateways: [...placement.gateways] }),
    at: isoOfInstant(arrival.at),
  };
}

/** One by one, under the names of the scorers. */
function scoresOf({ trail }: Decision): Explanation['scored'] {
  return trail
    .scored()
    .flatMap(({ target, scoresBps }) =>
      scorers.map(({ name }, index) => ({ target, by: name, scoreBps: scoresBps[index] ?? 0 })),
    );
}

function rejectionCode(decision: Decision): string | undefined {
  return decision.kind === 'rejected' ? decision.code : undefined;
}
