import type { Explanation } from '#contract/http.ts';
import { utcClock } from '../shell/times.ts';
import type { MapQuestion } from './foresee-traffic.ts';
import { tellWent, type Went } from './read-went.ts';
import type { HeardEvents } from './use-went.ts';

export interface WentViewProps {
  readonly question: MapQuestion;
  readonly heard: HeardEvents;
  /** Undefined until the gateway has told. */
  readonly went: Went | undefined;
  /** Gateways at which calls of the residency enter in place of this one. */
  readonly elsewhere: NonNullable<Explanation['gateways']>;
}

/** Where calls went: what was counted, beside what is foreseen. */
export function WentView({ question, heard, went, elsewhere }: WentViewProps) {
  const { residency } = question;
  return (
    <section class="map-went" aria-labelledby="map-went-title">
      <h2 id="map-went-title">Where they went</h2>
      {elsewhere.length > 0 ? (
        <p>
          Calls under {residency} do not enter at this gateway, so it counts none of them. See where they went
          at{' '}
          {elsewhere.map(({ region, url }, index) => (
            <span key={region}>
              {index === 0 ? '' : ' or '}
              <a href={`${url}/console#/map?${new URLSearchParams({ ...question })}`}>{region}</a>
            </span>
          ))}
          .
        </p>
      ) : went === undefined ? (
        <p class="dim">{heard.problem?.message ?? 'Listening to the gateway.'}</p>
      ) : (
        <p class={went.outside.length > 0 ? 'bad' : undefined}>
          {heard.event !== undefined && heard.problem !== undefined && (
            <strong class="warn">⚠ Stale, told at {utcClock(Date.parse(heard.event.at))}: </strong>
          )}
          {tellWent(went, residency).join(' ')}{' '}
          <span class="dim">Counted by one process of the gateway {heard.event?.gateway}.</span>
        </p>
      )}
    </section>
  );
}
