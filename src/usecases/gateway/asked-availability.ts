/** Who asks about availability, and of what: the same for how it is, how it was and what moved. */
import type { Observation } from '#core/discovery/observation.ts';
import { answerRefusal } from './answer.ts';
import type { GatewayAnswer } from './gateway-answer.ts';
import { identifyViewer } from './identify-viewer.ts';
import { modelsOf, unknownModel } from './ingress.ts';
import type { Services } from './services.ts';
import type { AskedModels } from './show-availability-targets.ts';
import { type Arrival, passed, type Refusal, refused, type Staged } from './stage.ts';
import { regionsVisibleTo, visibleTo } from './visible-targets.ts';

interface Place {
  readonly account: string;
  readonly region: string;
}

export interface AskedAvailability extends AskedModels {
  readonly fits: (place: Place) => boolean;
  readonly mayBeTold: (target: Observation) => boolean;
}

/** With the name under which its viewer stands in line for it. */
interface ViewedAvailability extends AskedAvailability {
  readonly who: string;
}

/** A tenant asks for what it may use, an operator for everything; `?model=&region=&account=` narrow it. */
export async function askedAvailability(
  services: Services,
  { request, url }: Arrival,
): Promise<Staged<ViewedAvailability>> {
  const identified = await identifyViewer(services, request);
  if (!identified.ok) return identified;
  const { tenant } = identified.value;
  const visible = new Set(modelsOf(services.config, tenant));
  const model = url.searchParams.get('model') ?? undefined;
  if (model !== undefined && !isKnown(visible, model))
    return refused(unknownModel(services.config, tenant, model));
  const isVisible = regionsVisibleTo(services, identified.value);
  return passed({
    who: identified.value.isOperator ? OPERATORS : tenant.name,
    model,
    visible,
    fits: ({ region, account }: Place) =>
      matches(url, 'region', region) && matches(url, 'account', account) && isVisible(region),
    mayBeTold: visibleTo(services, identified.value),
  });
}

function matches(url: URL, parameter: string, value: string): boolean {
  const wanted = url.searchParams.get(parameter);
  return wanted === null || wanted === '' || wanted === value;
}

/** A logical model that may be told of, or the id of one of the models that discovery may have seen. */
function isKnown(visible: ReadonlySet<string>, model: string): boolean {
  return model === '' || visible.has(model) || model.includes('.');
}

/** No tenant is called so. */
const OPERATORS = ' operators';

/** In its turn, in which all that was read is folded or dropped: what is left is sent outside of it. */
export async function answerInTurn(
  { boards }: Pick<Services, 'boards'>,
  { request, requestId }: Arrival,
  { who, answer }: { readonly who: string; readonly answer: () => Promise<GatewayAnswer> },
): Promise<GatewayAnswer> {
  const told = await boards.take({ who, signal: request.signal }, answer);
  return told ?? answerRefusal(asManyAsMay, { requestId });
}

const asManyAsMay: Refusal = {
  code: 'capacity_exhausted',
  message: 'As many ask for availability at this moment as may. Try again after the time in retry-after.',
  retryAfterMs: 2000,
};

export const unreadableNow: Refusal = {
  code: 'not_ready',
  message: 'What discovery knows cannot be read at this moment. Answers to requests do not depend on it.',
  retryAfterMs: 5000,
};
