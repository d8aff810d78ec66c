/** Who answered in the last minute, second by second; and the latest answers, one by one. */
import type { TrafficAnswer } from '#contract/local-traffic.ts';
import { type Happening, type HappeningRow, SECONDS_SHOWN } from './happening.ts';

const ROW_HEIGHT = 36;
const ANSWERS_SHOWN = 8;

export function HappeningView(props: {
  readonly happening: Happening;
  readonly recent: readonly TrafficAnswer[];
}) {
  const { happening, recent } = props;
  return (
    <section class="break-happening" aria-labelledby="break-happening-title">
      <h2 id="break-happening-title">What happens</h2>
      <Figures happening={happening} />
      <table class="break-rows">
        <caption class="hidden-text">Answers by the region that served them, and failures</caption>
        <thead>
          <tr>
            <th scope="col" class="break-head">
              Served by
            </th>
            <th scope="col" class="break-head">
              Last {SECONDS_SHOWN} s
            </th>
            <th scope="col" class="break-head number">
              Now, per s
            </th>
          </tr>
        </thead>
        <tbody>
          {happening.rows.length === 0 && (
            <tr>
              <td colSpan={3} class="dim">
                Nobody has asked within the last minute.
              </td>
            </tr>
          )}
          {happening.rows.map((row) => (
            <Row key={`${row.isFailure} ${row.name}`} row={row} countMax={happening.countMax} />
          ))}
        </tbody>
      </table>
      <RecentAnswers answers={recent.slice(0, ANSWERS_SHOWN)} />
    </section>
  );
}

function Figures({ happening }: { readonly happening: Happening }) {
  const { answered, failed, failedOver, millisecondsP50, millisecondsP95 } = happening;
  const figures = [
    { name: 'Answered, last 10 s', text: String(answered) },
    {
      name: 'Failed, last 10 s',
      text: failed === 0 ? '✓ 0' : `✗ ${failed}`,
      tone: failed === 0 ? '' : 'bad',
    },
    {
      name: 'After a failover',
      text: answered === 0 ? '–' : `${Math.round((failedOver / answered) * 100)} %`,
    },
    { name: 'Time to answer, p50', text: milliseconds(millisecondsP50) },
    { name: 'p95', text: milliseconds(millisecondsP95) },
  ];
  return (
    <dl class="break-figures">
      {figures.map(({ name, text, tone }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class={tone}>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

const milliseconds = (value: number | null): string => (value === null ? '–' : `${value} ms`);

function Row({ row, countMax }: { readonly row: HappeningRow; readonly countMax: number }) {
  const { name, isFailure, counts, perSecondNow } = row;
  return (
    <tr>
      <th scope="row" class={isFailure ? 'bad' : undefined}>
        {isFailure ? `✗ ${name}` : name}
      </th>
      <td>
        <svg
          class={isFailure ? 'break-bars break-bars-bad' : 'break-bars'}
          viewBox={`0 0 ${SECONDS_SHOWN * 4} ${ROW_HEIGHT}`}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          <path d={barsOf(counts, countMax)} />
        </svg>
      </td>
      <td class="number">{perSecondNow.toFixed(1)}</td>
    </tr>
  );
}

/** One path for a row: sixty elements each second would be work for the browser, and show no more. */
function barsOf(counts: readonly number[], countMax: number): string {
  return counts
    .map((count, index) => {
      const height = (count / countMax) * ROW_HEIGHT;
      return count === 0 ? '' : `M${index * 4} ${ROW_HEIGHT}v${-height.toFixed(2)}h3v${height.toFixed(2)}z`;
    })
    .join('');
}

function RecentAnswers({ answers }: { readonly answers: readonly TrafficAnswer[] }) {
  if (answers.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard
    <section class="break-recent" tabIndex={0} aria-label="The latest answers">
      <table>
        <caption>The latest answers</caption>
        <thead>
          <tr>
            {['At (UTC)', 'Model', 'Gateway', 'Served by', 'Tier'].map((name) => (
              <th key={name} scope="col" class="break-head">
                {name}
              </th>
            ))}
            {['Attempts', 'Time'].map((name) => (
              <th key={name} scope="col" class="break-head number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {answers.map((answer) => (
            <tr key={`${answer.at} ${answer.gateway} ${answer.model} ${answer.milliseconds}`}>
              <td>{answer.at.slice(11, 19)}</td>
              <td>{answer.model}</td>
              <td>{answer.gateway}</td>
              <td class={answer.code === null ? undefined : 'bad'}>
                {answer.code === null ? (answer.region ?? '–') : `✗ ${answer.code}`}
              </td>
              <td>{answer.tier ?? '–'}</td>
              <td class="number">{answer.attempts ?? '–'}</td>
              <td class="number">{answer.milliseconds} ms</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
