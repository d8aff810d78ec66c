import { describeFault } from '#simulator/swarm/fault.ts';

import { renderTable } from '../terminal/render-table.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { JudgedRun } from './keep-least.ts';

/** Violations of one run that are worth a line. */
const VIOLATIONS_SHOWN_MAX = 5;

/** One row a seed, and what all of them were together. */
export function drawSwarm(
  runs: readonly JudgedRun[],
  { tookMs, terminal }: { readonly tookMs: number; readonly terminal: Pick<Terminal, 'width' | 'paint'> },
): readonly string[] {
  const { width, paint } = terminal;
  const columns = [
    { heading: 'seed', align: 'right' as const },
    { heading: 'faults', align: 'right' as const },
    { heading: 'requests', align: 'right' as const },
    { heading: 'calls', align: 'right' as const },
    { heading: 'answered', align: 'right' as const },
    { heading: 'refused or broken', widthMin: 12 },
    { heading: 'judges' },
  ];
  const rows = runs.map(({ options, run }) => {
    const { 200: answered = 0, ...others } = run.statuses;
    const refused = Object.entries(others).map(([status, count]) => `${count} x ${status}`);
    const good = run.violationCount === 0;
    return {
      cells: [
        options.seed,
        String(options.faults.length),
        String(run.requests),
        String(run.calls),
        String(answered),
        refused.join(', '),
        {
          text: good ? 'content' : `${run.violationCount} violations`,
          ink: good ? ('good' as const) : ('bad' as const),
        },
      ],
    };
  });
  const requests = runs.reduce((sum, { run }) => sum + run.requests, 0);
  const virtualSeconds = runs.reduce((sum, { run }) => sum + run.virtualSeconds, 0);
  const failed = runs.filter(({ run }) => run.violationCount > 0).length;
  const seconds = tookMs / 1000;
  return [
    ...renderTable({ columns, rows, width, paint }),
    '',
    `${runs.length} seeds, ${requests} requests, ${(virtualSeconds / 3600).toFixed(1)} virtual hours in ${seconds.toFixed(1)} s: ${Math.round(virtualSeconds / seconds)} x real time.`,
    failed === 0 ? 'No judge objects.' : `${failed} of ${runs.length} seeds failed.`,
  ];
}

/** The first failure in its smallest form, and how to see it again. */
export function drawFailure(
  { options, run, file }: JudgedRun & { readonly file: string },
  { paint }: Pick<Terminal, 'paint'>,
): readonly string[] {
  const shown = run.violations.slice(0, VIOLATIONS_SHOWN_MAX);
  return [
    '',
    paint('bad', `Seed ${options.seed}, made as small as it still fails:`),
    ...options.faults.map((fault) => `  ${describeFault(fault)}`),
    ...(options.faults.length === 0 ? ['  no fault is needed'] : []),
    ...shown.map(
      ({ judge, phase, what, atMs }) => `  ${new Date(atMs).toISOString()} ${judge} (${phase}): ${what}`,
    ),
    `It is kept in ${file}. To see it again: npx spillway simulate swarm --scenario ${file}`,
  ];
}
