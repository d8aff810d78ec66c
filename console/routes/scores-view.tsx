import { useState } from 'preact/hooks';
import type { Explanation } from '#contract/http.ts';
import { partsOfId } from '#contract/read-plan.ts';
import { readScores, type ScoreColumn, type ScoreRow, type ScoreTable } from './read-scores.ts';

const ROWS_SHOWN = 8;

/** What told the candidates of one tier and position apart. */
export function ScoresView({ explanation }: { readonly explanation: Explanation }) {
  const [isWhole, setWhole] = useState(false);
  const table = readScores(explanation);
  const { columns, rows } = table;
  if (rows.length === 0) return null;
  const shown = isWhole ? rows : rows.slice(0, ROWS_SHOWN);
  return (
    <section aria-labelledby="scores-title">
      <h2 id="scores-title">Scores</h2>
      <p class="dim">
        They decide among targets of one tier and one place in the model’s list. 100 % is the best a target
        can have; × is how much a score counts beside the others.
      </p>
      {columns.length > 0 && <ScoreGrid columns={columns} rows={shown} />}
      {rows.length > ROWS_SHOWN && columns.length > 0 && (
        <button type="button" class="quiet" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? `Show the first ${ROWS_SHOWN}` : `Show all ${rows.length}`}
        </button>
      )}
      <EqualScores table={table} />
    </section>
  );
}

function ScoreGrid(props: { readonly columns: readonly ScoreColumn[]; readonly rows: readonly ScoreRow[] }) {
  const { columns, rows } = props;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard
    <section class="scroll" aria-label="Scores of each target" tabIndex={0}>
      <table class="scores">
        <thead>
          <tr>
            <th scope="col">Target</th>
            {columns.map(({ name, title, best, weight }) => (
              <th key={name} scope="col">
                {title}
                {weight !== undefined && <span class="dim"> × {weight}</span>}
                {best !== '' && <span class="dim score-best">100 %: {best}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ target, percents }) => (
            <tr key={target}>
              <th scope="row">
                {partsOfId(target).region}
                <span class="dim mono score-name">{partsOfId(target).name}</span>
              </th>
              {percents.map((percent, index) => (
                <td key={columns[index]?.name}>{percent === undefined ? '–' : <Bar percent={percent} />}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Bar({ percent }: { readonly percent: number }) {
  return (
    <span class="score">
      <svg class="score-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect class="score-room" width="100" height="10" />
        <rect class="score-share" width={percent} height="10" />
      </svg>
      <span class="number">{percentText(percent)}</span>
    </span>
  );
}

function EqualScores({ table }: { readonly table: ScoreTable }) {
  if (table.equal.length === 0) return null;
  const said = table.equal.map(({ title, percent }) => `${title} ${percentText(percent)}`).join(', ');
  return (
    <p class="dim">
      {table.rows.length === 1 ? 'Of the only one: ' : 'Equal for all: '}
      {said}.
    </p>
  );
}

const percentText = (percent: number): string => `${Math.round(percent)} %`;
