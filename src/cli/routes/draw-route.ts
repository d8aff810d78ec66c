import type { Route } from '#core/plan/route.ts';
import { type Pricing, type Target, tierOf } from '#core/target.ts';
import type { InstantMs } from '#core/units/instant-ms.ts';
import { describeWord } from '../overrides/draw-overrides.ts';
import type { Overrides } from '../overrides/read-overrides.ts';
import type { Ink, Paint } from '../terminal/paint.ts';
import { type Row, renderTable } from '../terminal/render-table.ts';
import { timeAgo } from '../terminal/time-ago.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import { nameReaches, type ReachNames } from './name-reaches.ts';

export interface RouteDrawing {
  readonly width: number;
  readonly paint: Paint;
  readonly now: InstantMs;
  /** What operators said; a gateway's answer does not tell it. @default nothing */
  readonly overrides?: Overrides | undefined;
}

/** One route: a head line, who pinned it, its ordered targets, its baseline, and who disabled some of them. */
export function drawRoute(
  route: Route,
  { width, paint, now, overrides = NO_OVERRIDES }: RouteDrawing,
): readonly string[] {
  const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
  const dropped = route.dropped > 0 ? ` (${route.dropped} more left out)` : '';
  const facts = [
    route.version > 0 ? `version ${route.version}` : 'not published',
    timeAgo(route.publishedAt, now),
    `${count(route.targets.length, 'target')}${dropped}`,
    `baseline ${route.baseline.length}`,
  ].filter((fact) => fact !== '');
  const head = `${paint('strong', `${route.model} · ${route.residency}`)}  ${paint('dim', facts.join(' · '))}`;
  const { targets, baseline } = route;
  const words = wordsOn(route, overrides);
  const notes = (indent: number, texts: readonly string[]): readonly string[] =>
    texts.flatMap((text) =>
      wrapText(text, width - indent).map((line) => paint('dim', `${' '.repeat(indent)}${line}`)),
    );
  const said = (ink: Ink, text: string): readonly string[] =>
    wrapText(text, width - 4).map((line, index) => paint(ink, `${index === 0 ? '  ' : '    '}${line}`));
  const pins = words.holds.flatMap((hold) => said('warn', `Pinned ${describeWord(hold, now)}`));
  if (targets.length + baseline.length === 0)
    return [
      head,
      ...pins,
      `  ${paint('bad', 'Nothing lawful')}: no target's reach lies inside this residency.`,
    ];
  const reaches = nameReaches([...targets, ...baseline]);
  const wide =
    Math.max(...[...targets, ...baseline].map((target) => callName(target).length)) + OTHER_COLUMNS <= width;
  const disabled = new Set(words.disabled.map(({ target }) => target));
  const rows = [
    ...targets.map((target, index) => targetRow(target, { place: `${index + 1}`, wide, reaches, disabled })),
    ...baseline.map((target, index) =>
      targetRow(target, { place: `b${index + 1}`, wide, reaches, disabled }),
    ),
  ];
  return [
    head,
    ...(route.reason === '' ? [] : notes(2, [route.reason])),
    ...pins,
    ...(targets.length === 0 ? [`  ${paint('warn', 'No target of its own: the baseline answers.')}`] : []),
    ...renderTable({ columns: wide ? wideColumns : narrowColumns, rows, width, paint, indent: 2 }),
    ...notes(6, reaches.notes),
    ...words.disabled.flatMap((word) =>
      said('bad', `${placesOf(route, word.target)} disabled ${describeWord(word, now)}`),
    ),
  ];
}

/** Where a target stands, as the rows say it: `1, b1`. */
export function placesOf({ targets, baseline }: Pick<Route, 'targets' | 'baseline'>, id: string): string {
  return [
    ...targets.flatMap((target, index) => (target.id === id ? [`${index + 1}`] : [])),
    ...baseline.flatMap((target, index) => (target.id === id ? [`b${index + 1}`] : [])),
  ].join(', ');
}

const NO_OVERRIDES: Overrides = { holds: [], disabled: [] };

/** Those of this route and its targets, baseline too. */
function wordsOn({ model, residency, targets, baseline }: Route, { holds, disabled }: Overrides): Overrides {
  const ids = new Set([...targets, ...baseline].map(({ id }) => id));
  return {
    holds: holds.filter((hold) => hold.model === model && hold.residency === residency),
    disabled: disabled.filter(({ target }) => ids.has(target)),
  };
}

/** What all columns but the target's name take on one line. */
const OTHER_COLUMNS = 92;

const placeColumn = { heading: '', align: 'right' as const };
const endColumns = [
  { heading: 'tier' },
  { heading: 'scope' },
  { heading: 'reach' },
  { heading: 'USD/M in/out', align: 'right' as const },
  { heading: 'state' },
];
const wideColumns = [
  placeColumn,
  { heading: 'region' },
  { heading: 'target' },
  { heading: 'account' },
  ...endColumns,
];
/** The name and the account stand below: a wrapped name cannot be read or copied. */
const narrowColumns = [placeColumn, { heading: 'region' }, ...endColumns];

const stateInks: Readonly<Record<string, Ink>> = {
  available: 'good',
  warm: 'good',
  legacy: 'warn',
  warming: 'warn',
  cold: 'warn',
  unknown: 'warn',
};

/** What a call to the target puts on the wire. */
function callName(target: Target): string {
  if (target.endpoint === undefined) return target.profileId ?? target.modelId;
  return target.component === undefined ? target.endpoint : `${target.endpoint}:${target.component}`;
}

function targetRow(
  target: Target,
  {
    place,
    wide,
    reaches,
    disabled,
  }: {
    readonly place: string;
    readonly wide: boolean;
    readonly reaches: ReachNames;
    readonly disabled: ReadonlySet<string>;
  },
): Row {
  const baseline = place.startsWith('b');
  const [name, account] = [callName(target), { text: target.account, ink: 'dim' as const }];
  return {
    cells: [
      { text: place, ink: baseline ? 'accent' : undefined },
      target.region,
      ...(wide ? [name, account] : []),
      baseline ? 'baseline' : tierOf(target),
      target.scope,
      reaches.nameOf(target),
      drawPrice(target.pricing),
      disabled.has(target.id)
        ? { text: 'disabled', ink: 'bad' }
        : { text: target.state, ink: stateInks[target.state] ?? 'bad' },
    ],
    below: wide ? undefined : { text: `${name} · ${target.account}`, ink: 'dim' },
  };
}

/** `3.30 / 16.50`; a dash where AWS publishes no price for that direction. */
function drawPrice(pricing: Pricing | null): string {
  if (pricing === null) return '–';
  const { inputMicroUsdPerMillionTokens: input, outputMicroUsdPerMillionTokens: output } = pricing;
  return `${drawUsd(input)} / ${drawUsd(output)}`;
}

/** Cents at least, and as many digits more as the price has. */
function drawUsd(microUsd: number | null): string {
  if (microUsd === null) return '–';
  const [whole = '0', fraction = ''] = (microUsd / 1_000_000).toString().split('.');
  return `${whole}.${fraction.padEnd(2, '0')}`;
}
