/** Comma-separated values as RFC 4180 has them: a line of names, then one line each, ended by CR LF. */
import type { AvailabilityTarget } from '#contract/availability-cells.ts';
import type { AvailabilityChange } from './draw-changes.ts';

type Columns<Row> = Readonly<Record<string, (row: Row) => string | undefined>>;

const targetColumns: Columns<AvailabilityTarget> = {
  id: ({ id }) => id,
  account: ({ account }) => account,
  region: ({ region }) => region,
  model: ({ model }) => model,
  modelId: ({ modelId }) => modelId,
  endpoint: ({ endpoint }) => endpoint,
  profileId: ({ profileId }) => profileId,
  scope: ({ scope }) => scope,
  state: ({ state }) => state,
  since: ({ since }) => since,
  stale: ({ stale }) => String(stale),
  reasons: ({ reasons }) => reasons.join(' '),
  repairer: ({ hint }) => hint.who,
  hint: ({ hint }) => hint.text,
  reach: ({ reach }) => reach.join(' '),
};

const changeColumns: Columns<AvailabilityChange> = {
  at: ({ at }) => at,
  kind: ({ kind }) => kind,
  id: ({ id }) => id,
  account: ({ account }) => account,
  region: ({ region }) => region,
  model: ({ model }) => model,
  modelId: ({ modelId }) => modelId,
  endpoint: ({ endpoint }) => endpoint,
  profileId: ({ profileId }) => profileId,
  scope: ({ scope }) => scope,
  before: ({ before }) => before?.state,
  beforeSince: ({ before }) => before?.since,
  beforeReasons: ({ before }) => before?.reasons.join(' '),
  after: ({ after }) => after?.state,
  afterSince: ({ after }) => after?.since,
  afterReasons: ({ after }) => after?.reasons.join(' '),
  steps: ({ steps, stepsLeftOut }) => String(steps.length + stepsLeftOut),
  repairer: ({ hint }) => hint.who,
  hint: ({ hint }) => hint.text,
};

export const targetsAsCsv = (targets: readonly AvailabilityTarget[]): string => csvOf(targetColumns, targets);

export const changesAsCsv = (changes: readonly AvailabilityChange[]): string => csvOf(changeColumns, changes);

function csvOf<Row>(columns: Columns<Row>, rows: readonly Row[]): string {
  const lines = [
    Object.keys(columns),
    ...rows.map((row) => Object.values(columns).map((read) => read(row) ?? '')),
  ];
  return lines.map((fields) => fields.map(quoted).join(',')).join('\r\n');
}

const quoted = (field: string): string =>
  /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
