import { partsOfId } from '#contract/read-plan.ts';
import { Folded } from './folded.tsx';
import { countOf } from './read-changes.ts';
import type { DecisionFlow, Fall, FilterStep, PassedStep } from './read-decision.ts';

/** The picture is a table: each row a filter, with the stream that narrows where targets fall. Who hears it hears the numbers. */
export function FlowView({ flow }: { readonly flow: DecisionFlow }) {
  const { candidates, left, steps } = flow;
  if (candidates === 0)
    return (
      <p>
        ○ This gateway knows no candidate just now. What discovery knows of the model stands under{' '}
        <a href="#/availability">Availability</a>.
      </p>
    );
  return (
    <section aria-labelledby="flow-title">
      <h2 id="flow-title">
        {countOf(candidates, 'candidate')}, {left} left
      </h2>
      <table class="flow">
        <caption class="hidden-text">
          What each filter asks, in the order in which candidates meet them, and which targets fall there
        </caption>
        <thead>
          <tr>
            <th scope="col" class="flow-stream">
              <span class="hidden-text">Stream</span>
            </th>
            <th scope="col">Filter</th>
            <th scope="col">Falls here</th>
            <th scope="col" class="number">
              Left
            </th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <tr key={step.kind === 'filter' ? step.name : step.titles.join()}>
              <td class="flow-stream">
                <Stream before={step.before / candidates} after={step.after / candidates} />
              </td>
              {step.kind === 'filter' ? <FilterCells step={step} /> : <PassedCells step={step} />}
              <td class="number">{step.after}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function FilterCells({ step }: { readonly step: FilterStep }) {
  return (
    <>
      <th scope="row">
        {step.title}
        {step.asks !== '' && <span class="dim flow-asks">{step.asks}</span>}
      </th>
      <td>
        {step.falls.map((fall) => (
          <FallView key={fall.code} fall={fall} />
        ))}
      </td>
    </>
  );
}

function PassedCells({ step }: { readonly step: PassedStep }) {
  return (
    <>
      <th scope="row" class="flow-passed">
        {step.titles.join(', ')}
      </th>
      <td class="dim">nobody</td>
    </>
  );
}

/** Few are named at once, many when somebody asks. */
const NAMED_MAX = 4;

function FallView({ fall }: { readonly fall: Fall }) {
  const { fallen, code, said, helps } = fall;
  return (
    <div class="fall">
      <p>
        <strong class="bad">
          <span aria-hidden="true">↘ </span>
          {fallen.length}
        </strong>{' '}
        {said} <code class="dim">{code}</code>
      </p>
      {helps !== '' && <p class="dim">Helps: {helps}.</p>}
      {fallen.length <= NAMED_MAX ? (
        <Fallen fall={fall} />
      ) : (
        <Folded title={`Which ${countOf(fallen.length, 'target')}`}>{() => <Fallen fall={fall} />}</Folded>
      )}
    </div>
  );
}

function Fallen({ fall }: { readonly fall: Fall }) {
  return (
    <ul class="fallen">
      {fall.fallen.map(({ target, more }) => {
        const { region, name, account } = partsOfId(target);
        return (
          <li key={target}>
            {region} <span class="mono">{name}</span> <span class="dim">{account}</span>
            {more !== '' && <span class="warn"> {more}</span>}
          </li>
        );
      })}
    </ul>
  );
}

const STREAM_WIDTH = 72;
const STREAM_HEIGHT = 40;
/** So that one of a hundred is still seen. */
const STREAM_WIDTH_MIN = 3;

/** A stream as wide as the share of candidates that flow in, narrowing to those that flow on. */
function Stream({ before, after }: { readonly before: number; readonly after: number }) {
  const wide = (share: number): number =>
    share === 0 ? 0 : Math.max(STREAM_WIDTH_MIN, share * (STREAM_WIDTH - STREAM_WIDTH_MIN));
  const [top, bottom] = [wide(before), wide(after)];
  const shape = `M0 0H${top}C${top} ${STREAM_HEIGHT * 0.6} ${bottom} ${STREAM_HEIGHT * 0.4} ${bottom} ${STREAM_HEIGHT}H0Z`;
  const lost = `M${bottom} ${STREAM_HEIGHT}C${bottom} ${STREAM_HEIGHT * 0.4} ${top} ${STREAM_HEIGHT * 0.6} ${top} 0C${top} ${STREAM_HEIGHT * 0.5} ${top} ${STREAM_HEIGHT * 0.7} ${Math.max(top, bottom + STREAM_WIDTH_MIN)} ${STREAM_HEIGHT}Z`;
  return (
    <svg
      class="stream"
      viewBox={`0 0 ${STREAM_WIDTH} ${STREAM_HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path class="stream-flow" d={shape} />
      {after < before && <path class="stream-lost" d={lost} />}
    </svg>
  );
}
