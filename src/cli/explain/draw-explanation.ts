import type { Explanation } from '#contract/http.ts';
import type { Target } from '#core/target.ts';
import { groupBy } from '../availability/build-matrix.ts';
import { nameReaches } from '../routes/name-reaches.ts';
import type { Paint } from '../terminal/paint.ts';
import { renderTable } from '../terminal/render-table.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import { partsOfId, readPlan } from './read-plan.ts';

export interface ExplanationDrawing {
  readonly explanation: Explanation;
  /** Targets of the route, where it could be read: adds scope and reach to the plan. */
  readonly published: readonly Target[];
  readonly width: number;
  readonly paint: Paint;
}

/** The trail so that the decision is understood from the first line and everything below is its proof. */
export function drawExplanation(drawing: ExplanationDrawing): readonly string[] {
  const parts = [drawDecision(drawing), drawPlan(drawing), drawRemoved(drawing), drawScores(drawing)];
  return parts
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

/** What a rejection code means and what the caller can do. */
const rejections: Readonly<Record<string, string>> = {
  no_lawful_target: 'no target of this model may see a prompt of this residency; nothing can be called',
  wrong_gateway_region: 'this gateway stands outside the residency; ask one of those below',
  residency_not_allowed: "the key's tenant may not use this residency",
  residency_required: 'the tenant has no default residency; name one with --residency',
  unknown_residency: 'the configuration has no such residency',
  model_not_allowed: "the key's tenant may not use this model",
  model_not_found: 'the configuration has no such model',
  upstream_failed: 'there are lawful targets, but none of them is usable now',
  capacity_exhausted: 'every lawful target is full or resting',
  budget_exhausted: 'the budget is spent',
  deadline_exceeded: 'the deadline is too short for every target',
};

function drawDecision({ explanation, paint, width }: ExplanationDrawing): readonly string[] {
  const { route, residency, from, plan, removed } = explanation;
  const question = `${route.model} in ${residency}, asked from ${from}`;
  const first = plan[0] === undefined ? undefined : partsOfId(plan[0]);
  const headlines =
    explanation.decision === 'routed' && first !== undefined
      ? [
          paint('good', `✔ routed: ${question}`),
          `  → ${paint('strong', `${first.region}  ${first.name}`)}  account ${first.account}`,
        ]
      : [paint('bad', `✘ rejected: ${question}: ${explanation.code ?? 'no reason given'}`)];
  const meaning = explanation.code === undefined ? undefined : rejections[explanation.code];
  const source = {
    table: 'the routing table',
    'last-good': 'the last good copy',
    baseline: 'the compiled baseline',
  };
  const version = route.source === 'baseline' ? '' : ` version ${route.version}`;
  const facts = `route${version} from ${source[route.source]} · ${plan.length} in the plan · ${removed.length} removed`;
  return [
    ...headlines,
    ...(meaning === undefined ? [] : wrapText(meaning, width - 2).map((line) => `  ${line}`)),
    paint('dim', `  ${facts}`),
    ...(explanation.gateways ?? []).map((gateway) => `  ask ${gateway.region} at ${gateway.url}`),
  ];
}

function drawPlan({ explanation, published, width, paint }: ExplanationDrawing): readonly string[] {
  if (explanation.plan.length === 0) return [];
  const planned = readPlan(explanation, published);
  const known = planned.some(({ target }) => target !== undefined);
  const reaches = nameReaches(planned.flatMap(({ target }) => target ?? []));
  const rows = planned.map((place, index) => ({
    cells: [
      { text: `${index + 1}`, ink: 'strong' as const },
      { text: place.region, ink: index === 0 ? ('good' as const) : undefined },
      ...(known
        ? [place.scope ?? '', place.target === undefined ? '' : reaches.nameOf(place.target.reach)]
        : []),
      place.because,
    ],
    below: { text: `${place.name} · ${place.account}`, ink: 'dim' as const },
  }));
  const columns = [
    { heading: '', align: 'right' as const },
    { heading: 'region' },
    ...(known ? [{ heading: 'scope' }, { heading: 'reach' }] : []),
    { heading: 'because', widthMin: 16 },
  ];
  return [
    paint('strong', 'Plan, best first'),
    ...renderTable({ columns, rows, width, paint, indent: 2 }),
    ...reaches.notes.flatMap((note) => wrapText(note, width - 5).map((line) => paint('dim', `     ${line}`))),
  ];
}

/** Removal codes in words; an unknown code is shown as it is. */
const removals: Readonly<Record<string, string>> = {
  'residency-forbidden': 'its reach leaves the residency',
  'retention-forbidden': 'it keeps prompts longer than allowed',
  'tenant-forbidden': 'the tenant may not use it',
  'capability-missing': 'it cannot do what the request asks',
  'context-too-long': 'the request is too long for it',
  'state-unusable': 'it cannot serve now',
  'operator-disabled': 'an operator switched it off',
  ejected: 'it failed too often and rests',
  'no-capacity': 'it is full or its quota rests',
  'budget-exhausted': 'it costs more than the budget left',
  'price-unknown': 'its price is unknown and a cap is set',
  'deadline-too-short': 'there is not enough time for it',
};

function drawRemoved({ explanation, width, paint }: ExplanationDrawing): readonly string[] {
  if (explanation.removed.length === 0) return [];
  const groups = [...groupBy(explanation.removed, (removal) => removal.code)].sort(
    ([, left], [, right]) => right.length - left.length,
  );
  return [
    paint('strong', 'Removed'),
    ...groups.flatMap(([code, removed]) => {
      const named = [...groupBy(removed, (removal) => partsOfId(removal.target).name)].map(
        ([name, own]) => `${name} in ${own.map((removal) => partsOfId(removal.target).region).join(', ')}`,
      );
      return [
        `  ${paint('warn', `${removed.length} ${code}`)}${paint('dim', `: ${removals[code] ?? ''}`)}`,
        ...named.sort().flatMap((text) => wrapText(text, width - 4).map((line) => `    ${line}`)),
      ];
    }),
  ];
}

const BAR_CELLS = 10;

function drawScores({ explanation, width, paint }: ExplanationDrawing): readonly string[] {
  const scorers = [...new Set(explanation.scored.map(({ by }) => by))];
  if (scorers.length === 0) return [];
  const byTarget = groupBy(explanation.scored, ({ target }) => target);
  const ranked = explanation.plan.filter((id) => byTarget.has(id));
  const rows = ranked.map((id, index) => ({
    cells: [
      { text: `${index + 1}`, ink: 'strong' as const },
      partsOfId(id).region,
      ...scorers.map((scorer) => {
        const score = byTarget.get(id)?.find(({ by }) => by === scorer)?.scoreBps;
        return { text: score === undefined ? '' : scoreBar(score), ink: 'accent' as const };
      }),
    ],
  }));
  return [
    paint('strong', 'Scores among equals (0 to 10,000)'),
    ...renderTable({
      columns: [
        { heading: '', align: 'right' },
        { heading: 'region' },
        ...scorers.map((scorer) => ({ heading: scorer, widthMin: 9 })),
      ],
      rows,
      width,
      paint,
      indent: 2,
    }),
  ];
}

/** `████░░░░░░ 4000`: basis points as ten cells and the number. */
export function scoreBar(scoreBps: number): string {
  const full = Math.round((scoreBps / 10_000) * BAR_CELLS);
  return `${'█'.repeat(full)}${'░'.repeat(BAR_CELLS - full)} ${scoreBps}`;
}
