/** Targets as a table for a spreadsheet, in RFC 4180. */
import type { AvailabilityTarget } from '#contract/availability-cells.ts';

const columns: readonly (readonly [heading: string, of: (target: AvailabilityTarget) => string])[] = [
  ['account', ({ account }) => account],
  ['region', ({ region }) => region],
  ['model', ({ model }) => model ?? ''],
  ['model_id', ({ modelId }) => modelId ?? ''],
  ['profile_id', ({ profileId }) => profileId ?? ''],
  ['endpoint', ({ endpoint }) => endpoint ?? ''],
  ['scope', ({ scope }) => scope],
  ['state', ({ state }) => state],
  ['reasons', ({ reasons }) => reasons.join(' ')],
  ['since_utc', ({ since }) => since],
  ['stale', ({ stale }) => String(stale)],
  ['repairer', ({ hint }) => hint.who],
  ['hint', ({ hint }) => hint.text],
  ['reach', ({ reach }) => reach.join(' ')],
];

export function writeTable(targets: readonly AvailabilityTarget[]): string {
  const lines = targets.map((target) => columns.map(([, of]) => field(of(target))).join(','));
  return `${[columns.map(([heading]) => heading).join(','), ...lines].join('\r\n')}\r\n`;
}

/** What begins as a formula would be calculated by a spreadsheet: an apostrophe keeps it text. */
function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
