import { type ReasonWords, rejectionWords, routeSourceWords } from '#contract/decision-words.ts';
import type { Availability, Explanation } from '#contract/http.ts';
import { partsOfId, readPlan } from '#contract/read-plan.ts';
import type { Target } from '#core/target.ts';
import { groupBy } from '../availability/build-matrix.ts';
import { nameReaches } from '../routes/name-reaches.ts';
import type { Paint } from '../terminal/paint.ts';
import { renderTable } from '../terminal/render-table.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import { drawJsonWays } from './draw-json-ways.ts';
import { drawKnown } from './draw-known.ts';
import { distinctRemovals, drawRemoved } from './draw-removed.ts';

export interface ExplanationDrawing {
  readonly explanation: Explanation;
  /** Targets of the route, where it could be read: adds scope and reach to the plan. */
  readonly published: readonly Target[];
  /** What discovery knows of the model, where the decision left no lawful target. */
  readonly known: Availability['targets'];
  /** Places of the plan to show; the rest is counted. */
  readonly placesMax: number;
  readonly width: number;
  readonly paint: Paint;
}

/** The trail so that the decision is understood from the first line and everything below is its proof. */
export function drawExplanation(drawing: ExplanationDrawing): readonly string[] {
  const parts = [
    drawDecision(drawing),
    drawPlan(drawing),
    drawJsonWays(drawing),
    drawRemoved(drawing),
    drawKnown({ ...drawing, residency: drawing.explanation.residency }),
    drawScores(drawing),
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

/** What a rejection code means; an unknown code is shown as it is. */
const rejections: Readonly<Record<string, ReasonWords>> = rejectionWords;

function drawDecision({ explanation, paint, width }: ExplanationDrawing): readonly string[] {
  const { route, residency, from, plan } = explanation;
  const question = `${route.model} in ${residency}, asked from ${from}`;
  const first = plan[0] === undefined ? undefined : partsOfId(plan[0]);
  const headlines =
    explanation.decision === 'routed' && first !== undefined
      ? [
          paint('good', `✔ routed: ${question}`),
          `  → ${paint('strong', `${first.region}  ${first.name}`)}  account ${first.account}`,
        ]
      : [paint('bad', `✘ rejected: ${question}: ${explanation.code ?? 'no reason given'}`)];
  const meaning = explanation.code === undefined ? undefined : rejections[explanation.code]?.said;
  const version = route.source === 'baseline' ? '' : ` version ${route.version}`;
  const facts = `route${version} from ${routeSourceWords[route.source]} · ${plan.length} in the plan · ${distinctRemovals(explanation).length} removed`;
  return [
    ...headlines,
    ...(meaning === undefined ? [] : wrapText(meaning, width - 2).map((line) => `  ${line}`)),
    paint('dim', `  ${facts}`),
    ...(explanation.gateways ?? []).map((gateway) => `  ask ${gateway.region} at ${gateway.url}`),
  ];
}

function drawPlan({
  explanation,
  published,
  placesMax,
  width,
  paint,
}: ExplanationDrawing): readonly string[] {
  if (explanation.plan.length === 0) return [];
  const planned = readPlan(explanation, published).slice(0, placesMax);
  const more = explanation.plan.length - planned.length;
  const known = planned.some(({ target }) => target !== undefined);
  const reaches = nameReaches(planned.flatMap(({ target }) => target ?? []));
  const rows = planned.map((place, index) => ({
    cells: [
      { text: `${index + 1}`, ink: 'strong' as const },
      { text: place.region, ink: index === 0 ? ('good' as const) : undefined },
      ...(known ? [place.scope ?? '', place.target === undefined ? '' : reaches.nameOf(place.target)] : []),
      explanation.probes?.includes(place.id) === true ? `${place.because} (its probe)`.trim() : place.because,
    ],
    below: { text: `${place.name} · ${place.account}`, ink: 'dim' as const },
  }));
  const columns = [
    { heading: '', align: 'right' as const },
    { heading: 'region' },
    ...(known ? [{ heading: 'scope' }, { heading: 'reach' }] : []),
    { heading: 'before the next by', widthMin: 16 },
  ];
  return [
    paint('strong', 'Plan, best first'),
    ...renderTable({ columns, rows, width, paint, indent: 2 }),
    ...(more === 0 ? [] : [paint('dim', `     and ${more} more (--all)`)]),
    ...reaches.notes.flatMap((note) => wrapText(note, width - 5).map((line) => paint('dim', `     ${line}`))),
  ];
}

const BAR_CELLS_MAX = 10;
const BAR_CELLS_MIN = 3;
/** Columns of a score beside its bar: the number, the space before it, the gap to the next column. */
const SCORE_MARGIN = 8;
/** Columns of the place and the longest region. */
const SCORES_LEFT = 24;

/** Only scorers that tell the shown places apart: what is the same for all decides nothing. */
function drawScores({ explanation, placesMax, width, paint }: ExplanationDrawing): readonly string[] {
  const byTarget = groupBy(explanation.scored, ({ target }) => target);
  const ranked = explanation.plan.filter((id) => byTarget.has(id)).slice(0, placesMax);
  const scorers = [...new Set(explanation.scored.map(({ by }) => by))];
  if (ranked.length === 0) return [];
  const scoreOf = (id: string, scorer: string) => byTarget.get(id)?.find(({ by }) => by === scorer)?.scoreBps;
  const telling = scorers.filter((scorer) => new Set(ranked.map((id) => scoreOf(id, scorer))).size > 1);
  const same = scorers.filter((scorer) => !telling.includes(scorer));
  const room = Math.floor((width - SCORES_LEFT) / Math.max(1, telling.length)) - SCORE_MARGIN;
  const cells = Math.max(BAR_CELLS_MIN, Math.min(BAR_CELLS_MAX, room));
  const rows = ranked.map((id, index) => ({
    cells: [
      { text: `${index + 1}`, ink: 'strong' as const },
      partsOfId(id).region,
      ...telling.map((scorer) => {
        const score = scoreOf(id, scorer);
        return { text: score === undefined ? '' : scoreBar(score, cells), ink: 'accent' as const };
      }),
    ],
  }));
  const columns = [
    { heading: '', align: 'right' as const },
    { heading: 'region' },
    ...telling.map((heading) => ({ heading })),
  ];
  const sameLine = same.length === 0 ? [] : wrapText(`the same for all shown: ${same.join(', ')}`, width - 2);
  return [
    paint('strong', 'Scores among equals (0 to 10,000)'),
    ...(telling.length === 0 ? [] : renderTable({ columns, rows, width, paint, indent: 2 })),
    ...sameLine.map((line) => paint('dim', `  ${line}`)),
  ];
}

/** `████░░░░░░ 4000`: basis points as a bar and the number. */
function scoreBar(scoreBps: number, cells: number): string {
  const full = Math.round((scoreBps / 10_000) * cells);
  return `${'█'.repeat(full)}${'░'.repeat(cells - full)} ${scoreBps}`;
}
