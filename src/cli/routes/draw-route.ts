import type { Route } from '#core/plan/route.ts';
import { type Pricing, type Target, tierOf } from '#core/target.ts';
import type { InstantMs } from '#core/units/instant-ms.ts';
import type { Ink, Paint } from '../terminal/paint.ts';
import { type Row, renderTable } from '../terminal/render-table.ts';
import { timeAgo } from '../terminal/time-ago.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import { nameReaches, type ReachNames } from './name-reaches.ts';

export interface RouteDrawing {
  readonly width: number;
  readonly paint: Paint;
  readonly now: InstantMs;
}

/** One route: a head line, its ordered targets, its baseline. */
export function drawRoute(route: Route, { width, paint, now }: RouteDrawing): readonly string[] {
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
  if (targets.length + baseline.length === 0)
    return [head, `  ${paint('bad', 'Nothing lawful')}: no target's reach lies inside this residency.`];
  const reaches = nameReaches([...targets, ...baseline]);
  const wide =
    Math.max(...[...targets, ...baseline].map((target) => callName(target).length)) + OTHER_COLUMNS <= width;
  const rows = [
    ...targets.map((target, index) => targetRow(target, { place: `${index + 1}`, wide, reaches })),
    ...baseline.map((target, index) => targetRow(target, { place: `b${index + 1}`, wide, reaches })),
  ];
  return [
    head,
    ...(route.reason === ''
      ? []
      : wrapText(route.reason, width - 2).map((line) => paint('dim', `  ${line}`))),
    ...(targets.length === 0 ? [`  ${paint('warn', 'No target of its own: the baseline answers.')}`] : []),
    ...renderTable({ columns: wide ? wideColumns : narrowColumns, rows, width, paint, indent: 2 }),
    ...reaches.notes.flatMap((note) =>
      wrapText(note, width - 6).map((line) => paint('dim', `      ${line}`)),
    ),
  ];
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
  { place, wide, reaches }: { readonly place: string; readonly wide: boolean; readonly reaches: ReachNames },
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
      { text: target.state, ink: stateInks[target.state] ?? 'bad' },
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
