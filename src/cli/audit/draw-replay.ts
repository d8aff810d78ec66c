import type { NamedRoute, ReplayReport, Undecided } from '#usecases/audit-proof/replay-trail.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import { drawDoubts } from './draw-doubts.ts';
import type { ProofDrawing } from './draw-residency-proof.ts';

const DIFFERENCES_SHOWN_MAX = 10;
const ROUTES_SHOWN_MAX = 10;
const CHECKSUM_SHOWN = 12;

const NOTHING = '✘ Nothing to prove: no decision was recorded.';

const reasons: Readonly<Record<Undecided, string>> = {
  'route-gone': 'name a version of their route that is kept no more',
  'config-changed': 'come out otherwise, and the configuration has changed since',
  'facts-changed': 'come out otherwise, and the facts have changed since',
  'code-changed': 'come out otherwise, and were made by another version of the product',
};

/** What became of the decisions that were made again. */
export function drawReplay(report: ReplayReport, drawing: ProofDrawing): readonly string[] {
  const { width, paint, period } = drawing;
  if (report.isNothing) return [paint('strong', period), paint('bad', NOTHING)];
  const { same, replayed, records, differences, differencesFound, undecided, notKept, unreadable } = report;
  const gone = report.routesGone.slice(0, ROUTES_SHOWN_MAX).map(nameRoute);
  const goneRest = report.routesGone.length - gone.length;
  const verdict = `${replayed.toLocaleString('en-US')} decisions of ${records.toLocaleString('en-US')} records came out the same`;
  const found = differences
    .slice(0, DIFFERENCES_SHOWN_MAX)
    .map(
      ({ at, id, decision, path, recorded, replayed: now }) =>
        `${at} ${id}, decision ${decision + 1}: ${path} was ${brief(recorded)} and is ${brief(now)}`,
    );
  const rest = differencesFound - found.length;
  const notes = [
    ...(rest > 0 ? [`and ${rest} more came out otherwise: see --json`] : []),
    ...Object.entries(undecided).map(([why, count]) => `${count} ${reasons[why as Undecided]}`),
    ...gone,
    ...(goneRest > 0 ? [`and ${goneRest} more versions: see --json`] : []),
    ...(notKept > 0 ? [`${notKept} were made and not kept in their records`] : []),
    ...(unreadable > 0 ? [`${unreadable} records cannot be read`] : []),
  ];
  const lines = (texts: readonly string[], ink: 'bad' | 'warn'): readonly string[] =>
    texts.flatMap((text) =>
      wrapText(text, width - 4).map((part, index) => paint(ink, `${index === 0 ? '  ' : '    '}${part}`)),
    );
  return [
    paint('strong', period),
    paint(
      same ? 'good' : 'bad',
      `${same ? '✔' : '✘'} ${verdict}${same ? ', and every one of them did.' : '.'}`,
    ),
    ...lines(found, 'bad'),
    ...lines(notes, 'warn'),
    ...drawDoubts(report.chains, drawing),
  ];
}

function nameRoute({ model, residency, version, checksum }: NamedRoute): string {
  return `version ${version} of ${model} for ${residency} (${checksum.slice(0, CHECKSUM_SHOWN)}…) is gone`;
}

const BRIEF_LENGTH = 60;

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > BRIEF_LENGTH ? `${text.slice(0, BRIEF_LENGTH)}…` : text;
}
