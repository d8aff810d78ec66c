import { routeSourceWords } from '#contract/decision-words.ts';
import type { Explanation } from '#contract/http.ts';
import { partsOfId } from '#contract/read-plan.ts';
import type { RouteItem } from '#contract/route-item.ts';
import { utcTime } from '../shell/times.ts';
import { FlowView } from './flow-view.tsx';
import { PlanView } from './plan-view.tsx';
import { countOf } from './read-changes.ts';
import { readFlow, rejectionOf } from './read-decision.ts';
import { ScoresView } from './scores-view.tsx';

/** A decision so that it is understood from its first line, and everything below is its proof. */
export function DecisionView(props: {
  readonly explanation: Explanation;
  readonly published: RouteItem['targets'];
  /** Another question is on its way. */
  readonly isOld: boolean;
  readonly onAskFrom: (region: string) => void;
}) {
  const { explanation, published, isOld, onAskFrom } = props;
  const isWrongGateway = explanation.code === 'wrong_gateway_region';
  return (
    <div class="decision" aria-busy={isOld}>
      <Verdict explanation={explanation} onAskFrom={onAskFrom} />
      {!isWrongGateway && <FlowView flow={readFlow(explanation)} />}
      {explanation.plan.length > 0 && <PlanView explanation={explanation} published={published} />}
      {!isWrongGateway && <ScoresView explanation={explanation} />}
    </div>
  );
}

function Verdict(props: { readonly explanation: Explanation; readonly onAskFrom: (region: string) => void }) {
  const { explanation, onAskFrom } = props;
  const { route, residency, from, plan } = explanation;
  const rejection = rejectionOf(explanation);
  const first = plan[0];
  return (
    <section class={`verdict ${rejection === undefined ? 'verdict-good' : 'verdict-bad'}`} aria-live="polite">
      <h2>
        <span class={rejection === undefined ? 'good' : 'bad'}>
          {rejection === undefined ? '✓ Routed' : '✗ Rejected'}
        </span>
        : {route.model} in {residency}, asked from {from}
      </h2>
      {first !== undefined && rejection === undefined && (
        <p>
          It would go to <strong>{partsOfId(first).name}</strong> in{' '}
          <strong>{partsOfId(first).region}</strong>, account {partsOfId(first).account}
          {plan.length > 1
            ? `, then to ${plan.length - 1} more if that fails.`
            : '. There is nobody behind it.'}
        </p>
      )}
      {rejection !== undefined && (
        <>
          <p>
            <code>{explanation.code}</code>: {rejection.said}.
          </p>
          {rejection.helps !== '' && (
            <p>
              <strong>What would help:</strong> {rejection.helps}
            </p>
          )}
        </>
      )}
      <Gateways explanation={explanation} onAskFrom={onAskFrom} />
      <RouteFacts explanation={explanation} />
    </section>
  );
}

/** Where the call is lawful, each to be asked about. */
function Gateways(props: {
  readonly explanation: Explanation;
  readonly onAskFrom: (region: string) => void;
}) {
  const { gateways } = props.explanation;
  if (gateways === undefined) return null;
  if (gateways.length === 0) return <p>No gateway of this deployment stands inside this residency.</p>;
  return (
    <ul class="chips" aria-label="Gateways inside the residency">
      {gateways.map(({ region }) => (
        <li key={region}>
          <button type="button" class="quiet" onClick={() => props.onAskFrom(region)}>
            Ask from {region}
          </button>
        </li>
      ))}
    </ul>
  );
}

function RouteFacts({ explanation }: { readonly explanation: Explanation }) {
  const { route, seenFrom, at, from, plan } = explanation;
  const version = route.source === 'baseline' ? '' : `version ${route.version} from `;
  return (
    <p class="dim">
      Route: {version}
      {routeSourceWords[route.source]}. {countOf(plan.length, 'target')} in the plan. Decided{' '}
      <time dateTime={at}>{utcTime(at)}</time>
      {seenFrom === undefined
        ? ''
        : `, with health and capacity of ${from} as the gateway of ${seenFrom} knows them`}
      . No model was called.
    </p>
  );
}
