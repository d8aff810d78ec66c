/** What changed between two versions, in the words of `spillway history`. */
import type { RouteChanges, RouteHistory } from '#contract/route-history.ts';

export interface ChangeLine {
  /** Stands beside the colour. */
  readonly mark: '+' | '−' | '~';
  readonly tone: 'good' | 'bad' | 'warn' | 'dim';
  /** For who hears the page. */
  readonly spoken: 'added' | 'removed' | 'changed';
  readonly text: string;
}

export function changeLines(changes: RouteChanges): readonly ChangeLine[] {
  const { added, removed, changed, detailed, reordered, hidden } = changes;
  const other = (text: string): ChangeLine => ({ mark: '~', tone: 'warn', spoken: 'changed', text });
  return [
    ...added.map((text): ChangeLine => ({ mark: '+', tone: 'good', spoken: 'added', text })),
    ...removed.map((text): ChangeLine => ({ mark: '−', tone: 'bad', spoken: 'removed', text })),
    ...changed.map(({ target, before, after }) => other(`${target}: ${before} → ${after}`)),
    ...detailed.map(({ target, members }) => other(`${target}: other ${members.join(', ')}`)),
    ...(reordered ? [other('another order')] : []),
    ...(hidden > 0
      ? [
          {
            ...other(`${countOf(hidden, 'change')} of targets outside your residencies`),
            tone: 'dim' as const,
          },
        ]
      : []),
  ];
}

/** `+2 −1 ~3`, or that nothing is told or differs. */
export function changeSummary(changes: RouteChanges | undefined): string {
  if (changes === undefined) return 'what came before is not kept';
  const { added, removed, changed, detailed, reordered, hidden } = changes;
  const parts = [
    ...(added.length === 0 ? [] : [`+${added.length}`]),
    ...(removed.length === 0 ? [] : [`−${removed.length}`]),
    ...(changed.length + detailed.length === 0 ? [] : [`~${changed.length + detailed.length}`]),
    ...(reordered ? ['another order'] : []),
    ...(hidden === 0 ? [] : [`${hidden} not shown`]),
  ];
  return parts.length === 0 ? 'same targets' : parts.join(' ');
}

/** Who published it. Plan does so by itself. */
export const authorOf = ({ by }: Pick<RouteHistory['versions'][number], 'by'>): string => by ?? 'plan';

export const countOf = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
