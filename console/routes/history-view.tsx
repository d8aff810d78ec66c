import { useState } from 'preact/hooks';
import type { RouteHistory } from '#contract/route-history.ts';
import type { ConsoleApi } from '../shell/console-api.ts';
import { Loading, Problem } from '../shell/states.tsx';
import { timeAgo, utcTime } from '../shell/times.ts';
import { useAnswer } from '../shell/use-answer.ts';
import { useNow } from '../shell/use-now.ts';
import { ChangeList } from './change-list.tsx';
import { DifferenceView } from './difference-view.tsx';
import { Folded } from './folded.tsx';
import type { RouteOrder } from './operator-order.ts';
import { type OperatorSignIn, OrderDialog } from './order-dialog.tsx';
import { routePath } from './question.ts';
import { authorOf, changeLines, changeSummary, countOf } from './read-changes.ts';

type Version = RouteHistory['versions'][number];

const REFRESH_MS = 15_000;
const CLOCK_MS = 30_000;
const VERSIONS_SHOWN = 6;

interface Ordered {
  readonly name: RouteOrder['name'];
  readonly version: number;
}

/** How the route came to be as it is, and what an operator may do about it. */
export function HistoryView(props: {
  readonly api: ConsoleApi;
  readonly model: string;
  readonly residency: string;
  readonly operator: OperatorSignIn;
  readonly onChanged: () => void;
}) {
  const { api, model, residency, operator, onChanged } = props;
  const asked = useAnswer<RouteHistory>(api, routePath(props, '/history'), REFRESH_MS);
  const [order, setOrder] = useState<Ordered | undefined>(undefined);
  const changed = (): void => {
    asked.again();
    onChanged();
  };
  return (
    <section aria-labelledby="history-title" class="history">
      <h2 id="history-title">
        History of {model} in {residency}
      </h2>
      <HistoryContent {...props} asked={asked} onOrder={setOrder} />
      {order !== undefined && asked.answer !== undefined && (
        <OrderDialog
          api={api}
          history={asked.answer}
          operator={operator}
          name={order.name}
          version={order.version}
          onClose={() => setOrder(undefined)}
          onDone={changed}
        />
      )}
    </section>
  );
}

function HistoryContent(props: {
  readonly api: ConsoleApi;
  readonly asked: ReturnType<typeof useAnswer<RouteHistory>>;
  readonly onOrder: (order: Ordered) => void;
}) {
  const { api, asked, onOrder } = props;
  const { answer, problem, isLoading, again } = asked;
  if (answer === undefined) {
    if (problem?.code === 'not_found') return <p>{problem.message}</p>;
    return isLoading || problem === undefined ? (
      <Loading what="its history" />
    ) : (
      <Problem problem={problem} onRetry={again} />
    );
  }
  return (
    <>
      {problem !== undefined && (
        <p class="warn" role="status">
          ⚠ Stale: {problem.message} As of {utcTime(answer.at)}.
        </p>
      )}
      <Holds history={answer} onOrder={onOrder} />
      <Versions history={answer} onOrder={onOrder} />
      {answer.versions.length > 1 && <DifferenceView api={api} history={answer} />}
    </>
  );
}

interface VersionsProps {
  readonly history: RouteHistory;
  readonly onOrder: (order: Ordered) => void;
}

function Holds({ history, onOrder }: VersionsProps) {
  const now = useNow(CLOCK_MS);
  const standing = history.holds.filter(({ until }) => Date.parse(until) > now);
  const version = history.versions[0]?.version ?? 0;
  if (standing.length === 0) return <p class="dim">Nobody holds it: plan publishes what it finds.</p>;
  return (
    <ul class="holds">
      {standing.map(({ by, reason, until, region }) => (
        <li key={`${region} ${until}`}>
          <strong>
            <span aria-hidden="true">‖ </span>Held
          </strong>{' '}
          until <time dateTime={until}>{utcTime(until)}</time> by <span class="mono">{by}</span> in {region}:{' '}
          {reason}{' '}
          <button type="button" class="quiet" onClick={() => onOrder({ name: 'lift', version })}>
            Lift it…
          </button>
        </li>
      ))}
    </ul>
  );
}

function Versions({ history, onOrder }: VersionsProps) {
  const [isWhole, setWhole] = useState(false);
  const { versions } = history;
  const shown = isWhole ? versions : versions.slice(0, VERSIONS_SHOWN);
  return (
    <>
      <ol class="versions" reversed>
        {shown.map((version, index) => (
          <VersionItem key={version.version} version={version} isCurrent={index === 0} onOrder={onOrder} />
        ))}
      </ol>
      {versions.length > VERSIONS_SHOWN && (
        <button type="button" class="quiet" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? `Show the last ${VERSIONS_SHOWN}` : `Show all ${versions.length} versions`}
        </button>
      )}
    </>
  );
}

function VersionItem(props: {
  readonly version: Version;
  readonly isCurrent: boolean;
  readonly onOrder: (order: Ordered) => void;
}) {
  const { version: known, isCurrent, onOrder } = props;
  const { version, publishedAt, reason, targets, changes } = known;
  const now = useNow(CLOCK_MS);
  const lines = changes === undefined ? [] : changeLines(changes);
  return (
    <li class="version">
      <div class="version-head">
        <strong>Version {version}</strong>
        {isCurrent && <span class="good">● stands now</span>}
        <span class="dim">
          <time dateTime={publishedAt}>{utcTime(publishedAt)}</time>, {timeAgo(publishedAt, now)}, by{' '}
          <span class="mono">{authorOf(known)}</span>, {countOf(targets, 'target')}, {changeSummary(changes)}
        </span>
        <button
          type="button"
          class="quiet"
          onClick={() => onOrder({ name: isCurrent ? 'pin' : 'rollback', version })}
        >
          {isCurrent ? 'Pin it…' : `Go back to ${version}…`}
        </button>
      </div>
      <p class="reason">{reason}</p>
      {lines.length > 0 && (
        <Folded title={`What changed in version ${version}`}>{() => <ChangeList lines={lines} />}</Folded>
      )}
    </li>
  );
}
