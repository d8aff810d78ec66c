/** Which model can be called where, over all accounts, and for each gap why not. */
import { useMemo } from 'preact/hooks';
import { unfoldAvailability } from '#contract/compact-availability.ts';
import type { Availability, CompactAvailability } from '#contract/http.ts';
import type { ConsoleApi } from '../shell/console-api.ts';
import { Empty, Freshness, Loading, Problem } from '../shell/states.tsx';
import { useAnswer } from '../shell/use-answer.ts';
import { useNow } from '../shell/use-now.ts';
import { BoardView } from './board-view.tsx';

const REFRESH_MS = 30_000;
const CLOCK_MS = 30_000;

export function AvailabilityPage({ api }: { readonly api: ConsoleApi }) {
  const { answer, problem, isLoading, again } = useAnswer<Availability | CompactAvailability>(
    api,
    '/spillway/v1/availability?format=compact',
    REFRESH_MS,
  );
  const now = useNow(CLOCK_MS);
  const told = answer === undefined ? undefined : 'targets' in answer ? answer.targets : answer.places;
  // A look that found nothing new brings the same list again, and the board needs no other.
  const targets = useMemo(() => targetsOf(answer), [told]);
  if (answer === undefined)
    return isLoading || problem === undefined ? (
      <Loading what="what every account can call" />
    ) : (
      <Problem problem={problem} onRetry={again} />
    );
  const stale =
    problem?.message ??
    (answer.stale ? 'Discovery misses an answer; what was last known is shown.' : undefined);
  return (
    <>
      <div class="page-head">
        <h1>Availability</h1>
        <Freshness asOf={answer.asOf} now={now} staleBecause={stale} />
      </div>
      {targets.length === 0 ? (
        <Empty title="Nothing was observed yet">
          Discovery has not reported a model that you may use. It looks every few minutes.
        </Empty>
      ) : (
        <BoardView api={api} targets={targets} now={now} />
      )}
    </>
  );
}

/** A gateway of an older version knows no compact form. */
function targetsOf(answer: Availability | CompactAvailability | undefined): Availability['targets'] {
  if (answer === undefined) return [];
  return 'targets' in answer ? answer.targets : unfoldAvailability(answer).targets;
}
