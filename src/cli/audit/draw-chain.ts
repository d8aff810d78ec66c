import type { ChainFinding } from '#core/audit/finding.ts';
import type { TrailReport } from '#usecases/audit/verify-trail.ts';
import type { Paint } from '../terminal/paint.ts';
import { renderTable } from '../terminal/render-table.ts';
import { shortTime } from '../terminal/time-ago.ts';

export interface RegionReport extends TrailReport {
  readonly region: string;
}

/** Findings of a region that are printed; JSON has all of them. */
const SHOWN_MAX = 20;

/** One row for each region, and below what is wrong, the first broken record first. */
export function drawChains(
  reports: readonly RegionReport[],
  { width, paint }: { readonly width: number; readonly paint: Paint },
): readonly string[] {
  const headings = ['region', 'records', 'chain', 'decided', 'signed', 'locked until', ''];
  const table = renderTable({
    columns: headings.map((heading) => ({ heading, align: heading === 'records' ? 'right' : 'left' })),
    rows: reports.map((report) => ({
      cells: [
        report.region,
        String(report.records),
        report.sequences === undefined ? '–' : `${report.sequences.first} to ${report.sequences.last}`,
        report.decided === undefined
          ? '–'
          : `${shortTime(report.decided.from)} to ${shortTime(report.decided.to)}`,
        report.signed === undefined ? '–' : `1 to ${report.signed.sequence}, ${shortTime(report.signed.at)}`,
        report.lockedUntil === undefined
          ? '–'
          : `${report.lockedUntil.slice(0, 10)} (${report.lockModes.join(', ')})`,
        verdictOf(report),
      ],
    })),
    width,
    paint,
  });
  const below = reports.flatMap((report) => [...findingLines(report), ...noteLines(report)]);
  return [...table, ...(below.length === 0 ? [] : ['', ...below])];
}

function verdictOf({ findings, sequences }: RegionReport) {
  if (findings.length > 0) return { text: 'broken', ink: 'bad' } as const;
  return sequences === undefined
    ? ({ text: 'nothing to prove', ink: 'dim' } as const)
    : ({ text: 'proved', ink: 'good' } as const);
}

function findingLines({ region, findings }: RegionReport): readonly string[] {
  const shown = findings.slice(0, SHOWN_MAX).map((finding) => `${region}: ${describeFinding(finding)}`);
  const rest = findings.length - shown.length;
  return rest > 0 ? [...shown, `${region}: and ${rest} more, which --json tells`] : shown;
}

/** `record 4711 (id) in segments/….jsonl: record-changed, it is not what …`. */
export function describeFinding({ kind, sequence, lastSequence, id, segment, why }: ChainFinding): string {
  const several = lastSequence !== undefined && lastSequence !== sequence;
  const record = several ? `records ${sequence} to ${lastSequence}` : `record ${sequence}`;
  const what = sequence === undefined ? '' : `${record}${id === undefined ? '' : ` (${id})`}`;
  const where = segment === undefined ? '' : `${what === '' ? '' : ' in '}${segment}`;
  return `${what}${where}${what + where === '' ? '' : ': '}${kind}, ${why}`;
}

/** What is no fault of the chain, and worth to know. */
function noteLines({ region, sealedTwice, onTheirWay, afterHead }: RegionReport): readonly string[] {
  const [twice] = sealedTwice;
  return [
    ...(twice === undefined
      ? []
      : [`${region}: ${sealedTwice.length} sealed twice, such as ${twice.id}: their message came twice`]),
    ...onTheirWay.map(
      ({ writer, from, to }) =>
        `${region}: number ${from === to ? from : `${from} to ${to}`} of writer ${writer} may be on its way`,
    ),
    ...(afterHead === 0
      ? []
      : [`${region}: ${afterHead} after the head: a sealer was cut off, and the next one moves it`]),
  ];
}
