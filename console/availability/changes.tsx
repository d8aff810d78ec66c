import { useState } from 'preact/hooks';
import type { AvailabilityChanges } from '#contract/availability-changes.ts';
import type { ConsoleApi } from '../shell/console-api.ts';
import { timeAgo, utcTime } from '../shell/times.ts';
import { useAnswer } from '../shell/use-answer.ts';
import { changeLine, changesPath, type Moments } from './tell-changes.ts';

/** What changed this week, or between two moments: asked for when somebody opens it. */
export function Changes({ api }: { readonly api: ConsoleApi }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="changes" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>What changed</summary>
      {isOpen && <ChangesAsked api={api} />}
    </details>
  );
}

const spans = {
  day: 'In the last 24 hours',
  week: 'In the last 7 days',
  between: 'Between two moments',
} as const;

function ChangesAsked({ api }: { readonly api: ConsoleApi }) {
  const [moments, setMoments] = useState<Moments>({ span: 'week', from: '', to: '' });
  const [openedAt] = useState(Date.now());
  const path = changesPath(moments, openedAt);
  return (
    <>
      <div class="filters">
        <label>
          When
          <select
            value={moments.span}
            onChange={(event) =>
              setMoments({ ...moments, span: event.currentTarget.value as Moments['span'] })
            }
          >
            {Object.entries(spans).map(([span, text]) => (
              <option key={span} value={span}>
                {text}
              </option>
            ))}
          </select>
        </label>
        {moments.span === 'between' &&
          (['from', 'to'] as const).map((end) => (
            <label key={end}>
              {end === 'from' ? 'From' : 'To'} (UTC)
              <input
                type="datetime-local"
                value={moments[end]}
                onInput={(event) => setMoments({ ...moments, [end]: event.currentTarget.value })}
              />
            </label>
          ))}
      </div>
      {path === undefined ? (
        <p class="dim">Say both moments, the earlier one first.</p>
      ) : (
        <ChangeList key={path} api={api} first={path} now={openedAt} />
      )}
    </>
  );
}

function ChangeList(props: { readonly api: ConsoleApi; readonly first: string; readonly now: number }) {
  const [path, setPath] = useState(props.first);
  const { answer, problem } = useAnswer<AvailabilityChanges>(props.api, path);
  if (answer === undefined)
    return <p role="status">{problem === undefined ? 'Reading what moved.' : `✗ ${problem.message}`}</p>;
  const { appeared, left, changed, returned, lost } = answer.counts;
  const { next } = answer;
  return (
    <>
      <p role="status">
        {changed} changed, {appeared} new, {left} gone, {returned} as before, {lost} not noted.
        {answer.unrecorded.length > 0 &&
          ` Of ${answer.unrecorded.length} ${answer.unrecorded.length === 1 ? 'place' : 'places'} the past is not known as far back.`}
      </p>
      <ul class="gaps">
        {answer.changes.map(changeLine).map(({ id, name, place, at, text, hint }) => (
          <li key={id}>
            <span class="mono">{name}</span> <span class="dim">in {place}</span>
            <div>
              <strong>{text}</strong>
            </div>
            <div class="dim">
              <time dateTime={at}>{utcTime(at)}</time>, {timeAgo(at, props.now)}. {hint}
            </div>
          </li>
        ))}
      </ul>
      {next !== undefined && (
        <button type="button" class="quiet" onClick={() => setPath(next)}>
          Older ones
        </button>
      )}
    </>
  );
}
