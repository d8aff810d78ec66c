import { requestHeaders } from '#contract/http.ts';
import { identifyViewer, type Viewer } from './identify-viewer.ts';
import { modelsOf, unknownModel } from './ingress.ts';
import { place } from './place.ts';
import type { Services } from './services.ts';
import type { AnswerLabels, Arrival, Refusal } from './stage.ts';

/** A route that a viewer asked for and may be told of. */
export interface AskedRoute {
  readonly ok: true;
  readonly viewer: Viewer;
  readonly model: string;
  readonly residency: string;
  readonly labels: AnswerLabels;
}

interface RefusedRoute {
  readonly ok: false;
  readonly refusal: Refusal;
  readonly labels: AnswerLabels;
}

/** Who asks, for which model and residency, and whether they may: one answer for everything that is told of routes. */
export async function askedRoute(
  services: Services,
  { request, requestId, url }: Arrival,
  model: string,
): Promise<AskedRoute | RefusedRoute> {
  const identified = await identifyViewer(services, request);
  if (!identified.ok) return { ...identified, labels: { requestId } };
  const { tenant } = identified.value;
  if (!modelsOf(services.config, tenant).includes(model)) {
    return { ok: false, refusal: unknownModel(services.config, tenant, model), labels: { requestId } };
  }
  const named = url.searchParams.get('residency') ?? request.headers.get(requestHeaders.residency);
  const placed = place(services, tenant, named);
  if (!placed.ok) return { ...placed, labels: { requestId, model } };
  const residency = placed.value.policy.name;
  return { ok: true, viewer: identified.value, model, residency, labels: { requestId, model, residency } };
}
