import { useState } from 'preact/hooks';
import type { Explanation } from '#contract/http.ts';
import { type PlannedTarget, readPlan } from '#contract/read-plan.ts';
import type { RouteItem } from '#contract/route-item.ts';

/** Enough to see the first fallbacks at a glance. */
const PLACES_SHOWN = 8;

type Known = RouteItem['targets'][number];

/** Who is called, in order, and why each stands before the next. */
export function PlanView(props: { readonly explanation: Explanation; readonly published: readonly Known[] }) {
  const { explanation, published } = props;
  const [isWhole, setWhole] = useState(false);
  const planned = readPlan(explanation, published);
  const shown = isWhole ? planned : planned.slice(0, PLACES_SHOWN);
  return (
    <section aria-labelledby="plan-title">
      <h2 id="plan-title">Plan, best first</h2>
      <ol class="plan">
        {shown.map((place, index) => (
          <li key={place.id}>
            <Place place={place} isLast={index === planned.length - 1} explanation={explanation} />
          </li>
        ))}
      </ol>
      {planned.length > PLACES_SHOWN && (
        <button type="button" class="quiet" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? `Show the first ${PLACES_SHOWN}` : `Show all ${planned.length}`}
        </button>
      )}
    </section>
  );
}

function Place(props: {
  readonly place: PlannedTarget<Known>;
  readonly isLast: boolean;
  readonly explanation: Explanation;
}) {
  const { place, isLast, explanation } = props;
  const { target } = place;
  const isProbe = explanation.probes?.includes(place.id) === true;
  const dropped = (explanation.dropped ?? []).filter((each) => each.target === place.id);
  return (
    <>
      <strong>{place.region}</strong> <span class="mono">{place.name}</span>{' '}
      <span class="dim">account {place.account}</span>
      {target !== undefined && (
        <span class="dim">
          {' '}
          · {target.scope} · {target.state} · may reach {reachOf(target)}
        </span>
      )}
      <br />
      <span class="dim">
        {isLast ? place.because : `before the next: ${place.because}`}
        {isProbe ? ' · this call would be its probe' : ''}
        {dropped.length === 0 ? '' : ` · called without ${dropped.map(({ feature }) => feature).join(', ')}`}
      </span>
    </>
  );
}

const REACH_NAMED_MAX = 4;

function reachOf({ reach }: Known): string {
  if (reach.includes('*')) return 'every region';
  return reach.length <= REACH_NAMED_MAX ? reach.join(', ') : `${reach.length} regions`;
}
