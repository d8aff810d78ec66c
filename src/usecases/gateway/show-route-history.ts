import type { RouteDifference, RouteHistory } from '#contract/route-history.ts';
import { operatorOf } from '#core/plan/publication-reason.ts';
import type { PlacedHold, Route } from '#core/plan/route.ts';
import { readHistory, targetChanges } from '#core/plan/version-changes.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import { forbiddenTargets } from '../operate/forbidden-targets.ts';
import { answerJson, answerRefusal } from './answer.ts';
import { type AskedRoute, askedRoute } from './asked-route.ts';
import { bounded } from './bounded.ts';
import type { GatewayAnswer } from './gateway-answer.ts';
import type { Services } from './services.ts';
import { type Arrival, passed, type Refusal, refused, type Staged } from './stage.ts';
import { toldTargets } from './told-changes.ts';

/** Thirty versions of 128 targets are several pages of a table. */
const STORE_MS_MAX = 5000;
const VERSION_MAX = 99_999_999;

/** GET /spillway/v1/routes/{model}/history?residency=: the versions that are kept, what each changed, and who holds it. */
export async function answerRouteHistory(
  services: Services,
  arrival: Arrival,
  model: string,
): Promise<GatewayAnswer> {
  const asked = await askedRoute(services, arrival, model);
  if (!asked.ok) return answerRefusal(asked.refusal, asked.labels);
  const { residency, labels } = asked;
  const read = await fromStore(services, ({ routes }) =>
    Promise.all([routes.loadHistory(model, residency), routes.loadHolds()]),
  );
  if (read === undefined) return answerRefusal(unreadable, labels);
  const [versions, holds] = read;
  if (versions.length === 0) return answerRefusal(nothingPublished(asked), labels);
  return answerJson(historyOf(services, asked, { versions, holds, at: arrival.at }), labels);
}

function historyOf(
  services: Services,
  { viewer, model, residency }: AskedRoute,
  known: { readonly versions: readonly Route[]; readonly holds: readonly PlacedHold[]; readonly at: number },
): RouteHistory {
  const { versions, holds } = known;
  const at = isoOfInstant(known.at);
  const told = toldTargets(services, viewer, versions);
  return {
    model,
    residency,
    versions: readHistory(versions).map(({ route, changes }) => {
      const by = operatorOf(route.reason);
      return {
        version: route.version,
        publishedAt: route.publishedAt,
        reason: told.reason(route.reason),
        ...(by === undefined ? {} : { by }),
        targets: route.targets.length,
        ...(changes === undefined ? {} : { changes: told.changes(changes) }),
      };
    }),
    holds: holds
      .filter((hold) => hold.model === model && hold.residency === residency && hold.until > at)
      .map(({ by, reason, until, region }) => ({ by, reason, until, region })),
    at,
  };
}

/** GET /spillway/v1/routes/{model}/difference?residency=&from=&to=: what would change if version `to` took the place of `from`. */
export async function answerRouteDifference(
  services: Services,
  arrival: Arrival,
  model: string,
): Promise<GatewayAnswer> {
  const asked = await askedRoute(services, arrival, model);
  if (!asked.ok) return answerRefusal(asked.refusal, asked.labels);
  const { residency, labels } = asked;
  const numbers = versionsIn(arrival.url);
  if (!numbers.ok) return answerRefusal(numbers.refusal, labels);
  const [from, to] = numbers.value;
  const read = await fromStore(services, ({ routes }) =>
    Promise.all([from, to].map((version) => routes.loadVersion(model, residency, version))),
  );
  if (read === undefined) return answerRefusal(unreadable, labels);
  const [one, other] = read;
  if (one === undefined) return answerRefusal(noVersion(asked, from), labels);
  if (other === undefined) return answerRefusal(noVersion(asked, to), labels);
  return answerJson(differenceOf(services, asked, [one, other]), labels);
}

function differenceOf(
  services: Services,
  { viewer, model, residency }: AskedRoute,
  [from, to]: readonly [Route, Route],
): RouteDifference {
  const told = toldTargets(services, viewer, [from, to]);
  const forbidden = forbiddenTargets(to, services.policies.get(residency), services.facts);
  const named = [...new Set(forbidden)];
  return {
    model,
    residency,
    from: from.version,
    to: to.version,
    changes: told.changes(targetChanges(from.targets, to.targets)),
    forbidden: named.filter((id) => told.isTold(id)),
    forbiddenHidden: named.filter((id) => !told.isTold(id)).length,
    targets: to.targets.length,
  };
}

function versionsIn(url: URL): Staged<readonly [number, number]> {
  const [from, to] = ['from', 'to'].map((name) => Number(url.searchParams.get(name) ?? Number.NaN));
  if (isVersion(from) && isVersion(to)) return passed([from, to]);
  const param = isVersion(from) ? 'to' : 'from';
  const message = `The query ${param} must be the number of a version, 1 to ${VERSION_MAX}; so must the other one of from and to.`;
  return refused({ code: 'invalid_request', message, param });
}

const isVersion = (value: number | undefined): value is number =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= VERSION_MAX;

/** Undefined where the table does not answer in time, or not at all. */
async function fromStore<Read>(
  services: Services,
  read: (services: Services) => Promise<Read>,
): Promise<Read | undefined> {
  try {
    return await bounded(services.clock, STORE_MS_MAX, read(services));
  } catch {
    return undefined;
  }
}

const unreadable: Refusal = {
  code: 'not_ready',
  message: 'The history of routes cannot be read at this moment. Answers to requests do not depend on it.',
  retryAfterMs: 5000,
};

function nothingPublished({ model, residency }: AskedRoute): Refusal {
  const message = `No route was ever published for the model "${model}" under the residency "${residency}"; its baseline, if it has one, still answers.`;
  return { code: 'not_found', message };
}

function noVersion({ model, residency }: AskedRoute, version: number): Refusal {
  const message = `Version ${version} of the model "${model}" under the residency "${residency}" is not kept, or never was; see its history.`;
  return { code: 'not_found', message };
}
