import type { ResidencyProof, ResidencyTally } from '#usecases/audit-proof/prove-residency.ts';
import { isEmpty } from '#usecases/audit-proof/read-trail.ts';
import type { Paint } from '../terminal/paint.ts';
import { renderTable } from '../terminal/render-table.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import { drawDoubts } from './draw-doubts.ts';

export interface ProofDrawing {
  readonly width: number;
  readonly paint: Paint;
  /** For people. */
  readonly period: string;
}

const VIOLATIONS_SHOWN_MAX = 10;

/** The proof of a tenant and a period: a verdict, where calls went, and what stands against it. */
export function drawResidencyProof(proof: ResidencyProof, drawing: ProofDrawing): readonly string[] {
  const { width, paint, period } = drawing;
  const { tenant, residencies, chains, unreadable } = proof;
  const head = paint('strong', `${tenant} · ${period}`);
  return [
    head,
    ...wrapText(verdictOf(proof), width).map((line, index) =>
      index === 0 ? paint(proof.proven ? 'good' : 'bad', line) : line,
    ),
    ...drawViolations(proof, drawing),
    ...(unreadable > 0
      ? [paint('warn', `  ${count(unreadable, 'record')} cannot be read and cannot be judged`)]
      : []),
    ...drawDoubts(chains, drawing),
    ...chains
      .filter(({ report }) => isEmpty(report))
      .map(({ region }) => paint('dim', `  ${region}: nothing to prove: nothing was ever sealed there`)),
    ...residencies.flatMap((tally) => ['', ...drawTally(tally, drawing)]),
  ];
}

function verdictOf({ proven, isNothing, decisions, violationsFound }: ResidencyProof): string {
  if (isNothing) return '✘ Nothing to prove: no decision was recorded.';
  const judged = `${count(decisions, 'decision')} judged anew`;
  if (violationsFound > 0) return `✘ ${judged}: ${count(violationsFound, 'call')} left the residency.`;
  if (!proven)
    return `✘ Not proven: ${judged}, and none of them left its residency; but the trail is not whole.`;
  return `✔ Proven: ${judged}, and none of them left its residency.`;
}

function drawViolations(
  { violations, violationsFound }: ResidencyProof,
  { width, paint }: ProofDrawing,
): readonly string[] {
  const lines = violations
    .slice(0, VIOLATIONS_SHOWN_MAX)
    .map(({ at, id, residency, where, offending, why }) => {
      const out = offending.length === 0 ? '' : ` (${offending.join(', ')})`;
      return `${at} ${id}: ${where} under ${residency}: ${why}${out}`;
    });
  const rest = violationsFound - lines.length;
  return [...lines, ...(rest > 0 ? [`and ${rest} more: see --json`] : [])].flatMap((line) =>
    wrapText(line, width - 4).map((part, index) => paint('bad', `${index === 0 ? '  ' : '    '}${part}`)),
  );
}

function drawTally(tally: ResidencyTally, { width, paint }: ProofDrawing): readonly string[] {
  const { residency, decisions, unsent, boundOtherwise, regions } = tally;
  const facts = [
    count(decisions, 'decision'),
    ...(unsent > 0 ? [`${unsent} sent nothing to any target`] : []),
    ...(boundOtherwise > 0 ? [`${boundOtherwise} when it allowed other regions than today`] : []),
  ];
  const name = residency === '' ? 'bound by none' : residency;
  const head = `${paint('strong', name)}  ${paint('dim', facts.join(' · '))}`;
  if (regions.length === 0) return [head];
  const columns = [
    { heading: 'region' },
    { heading: 'called there', align: 'right' as const },
    { heading: 'may have run there', align: 'right' as const },
  ];
  const rows = regions.map(({ region, called, reached }) => ({
    cells: [region === '*' ? 'everywhere' : region, String(called), String(reached)],
  }));
  return [head, ...renderTable({ columns, rows, width, paint, indent: 2 })];
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`;
}
