/** Live: what the gateway behind this page does, second by second. */
import type { LiveEvent } from '#contract/live.ts';
import type { ConsoleApi } from '../shell/console-api.ts';
import { Empty, Loading, Problem } from '../shell/states.tsx';
import { utcClock } from '../shell/times.ts';
import { useNow } from '../shell/use-now.ts';
import { Chart } from './chart.tsx';
import { chartsOf } from './charts.ts';
import { SlowRequests } from './slow-requests.tsx';
import { ModelTable, SlotTable } from './tables.tsx';
import { type Live, useLive } from './use-live.ts';

/** Events come every second: after this the numbers are old. */
const STALE_MS = 4_000;

export function LivePage({ api }: { readonly api: ConsoleApi }) {
  const live = useLive(api);
  const now = useNow(1_000);
  const { history, problem, state } = live;
  const { last } = history;
  if (last === undefined) return <Before live={live} />;
  const isStale = state === 'waiting' && now - live.heardAt > STALE_MS;
  return (
    <>
      <h1>Live</h1>
      <p class={isStale ? 'freshness freshness-stale live-told' : 'freshness live-told'} role="status">
        {isStale ? (
          <>
            <strong>⚠ Stale: </strong>no event since {utcClock(Date.parse(last.at))}. {problem?.message ?? ''}{' '}
            Trying again.
          </>
        ) : (
          scopeOf(last)
        )}
      </p>
      <div class="live-charts">
        {chartsOf(history).map((chart) => (
          <Chart key={chart.title} {...chart} times={history.times} version={live.version} />
        ))}
      </div>
      <div class="live-tables">
        <ModelTable event={last} />
        <SlotTable event={last} />
      </div>
      <section aria-labelledby="live-slow-title">
        <h2 id="live-slow-title">Slow requests</h2>
        <SlowRequests slow={history.slow} />
      </section>
    </>
  );
}

function Before({ live }: { readonly live: Live }) {
  const { problem, again } = live;
  if (problem === undefined) return <Loading what="the first second" />;
  if (problem.status === 404) return <Empty title="There are no live events here">{problem.message}</Empty>;
  return <Problem problem={problem} onRetry={again} />;
}

function scopeOf({ gateway, sees, windowMs }: LiveEvent): string {
  const whose = sees === 'everything' ? 'Requests of all tenants' : 'Your tenant’s requests';
  const seconds = Math.round(windowMs / 1000);
  return `${whose} in one process of the gateway in ${gateway}. Percentiles and cost: of the last ${seconds} s.`;
}
