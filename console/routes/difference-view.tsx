import { useState } from 'preact/hooks';
import type { RouteDifference, RouteHistory } from '#contract/route-history.ts';
import type { ConsoleApi } from '../shell/console-api.ts';
import { UnreadPart } from '../shell/states.tsx';
import { useAnswer } from '../shell/use-answer.ts';
import { ChangeList } from './change-list.tsx';
import { routePath } from './question.ts';
import { changeLines, countOf } from './read-changes.ts';

/** Any two versions side by side; first the two that are newest. */
export function DifferenceView({
  api,
  history,
}: {
  readonly api: ConsoleApi;
  readonly history: RouteHistory;
}) {
  const versions = history.versions.map(({ version }) => version);
  const [chosen, setChosen] = useState({ from: versions[1] ?? 0, to: versions[0] ?? 0 });
  return (
    <section aria-labelledby="difference-title">
      <h3 id="difference-title">Difference</h3>
      <div class="question">
        <VersionChoice
          label="From version"
          versions={versions}
          value={chosen.from}
          onChoose={(from) => setChosen({ ...chosen, from })}
        />
        <VersionChoice
          label="To version"
          versions={versions}
          value={chosen.to}
          onChoose={(to) => setChosen({ ...chosen, to })}
        />
      </div>
      <Difference api={api} model={history.model} residency={history.residency} {...chosen} />
    </section>
  );
}

function VersionChoice(props: {
  readonly label: string;
  readonly versions: readonly number[];
  readonly value: number;
  readonly onChoose: (version: number) => void;
}) {
  return (
    <label>
      {props.label}
      <select value={props.value} onChange={(event) => props.onChoose(Number(event.currentTarget.value))}>
        {props.versions.map((version) => (
          <option key={version} value={version}>
            {version}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What would change if `to` took the place of `from`; with what the residency forbids of it today. */
function Difference(props: {
  readonly api: ConsoleApi;
  readonly model: string;
  readonly residency: string;
  readonly from: number;
  readonly to: number;
}) {
  const { api, from, to } = props;
  const path = differencePath(props);
  const { answer, problem, again } = useAnswer<RouteDifference>(api, path);
  if (problem !== undefined) return <UnreadPart problem={problem} again={again} />;
  if (answer === undefined) return <p class="dim">Reading the difference.</p>;
  return <DifferenceWords difference={answer} isSame={from === to} />;
}

/** Shared with who must know it before an order is given. */
export function differencePath(asked: {
  readonly model: string;
  readonly residency: string;
  readonly from: number;
  readonly to: number;
}): string {
  return `${routePath(asked, '/difference')}&from=${asked.from}&to=${asked.to}`;
}

export function DifferenceWords(props: { readonly difference: RouteDifference; readonly isSame: boolean }) {
  const { changes, forbidden, forbiddenHidden, targets, to } = props.difference;
  const lines = changeLines(changes);
  const forbiddenCount = forbidden.length + forbiddenHidden;
  return (
    <div>
      {lines.length === 0 ? (
        <p>{props.isSame ? 'These are one version.' : 'The same targets, in the same order and state.'}</p>
      ) : (
        <ChangeList lines={lines} />
      )}
      {targets === 0 && <p class="warn">⚠ Version {to} has no target: only the baseline would answer.</p>}
      {forbiddenCount > 0 && (
        <p class="bad">
          ⚠ The residency forbids {countOf(forbiddenCount, 'target')} of version {to} today
          {forbidden.length === 0 ? '.' : `: ${forbidden.join(', ')}.`}
        </p>
      )}
    </div>
  );
}
