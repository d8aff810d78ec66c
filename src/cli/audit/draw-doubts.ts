import type { ReadChain } from '#usecases/audit-proof/read-trail.ts';
import type { Paint } from '../terminal/paint.ts';
import { wrapText } from '../terminal/wrap-text.ts';

const FINDINGS_SHOWN_MAX = 3;

/** What of the chains stands against believing what their records say: no lines where nothing does. */
export function drawDoubts(
  chains: readonly ReadChain[],
  { width, paint }: { readonly width: number; readonly paint: Paint },
): readonly string[] {
  return chains.flatMap(({ region, report: { findings, onTheirWay } }) => {
    const told = findings.slice(0, FINDINGS_SHOWN_MAX).map(({ kind, why, sequence }) => {
      const where = sequence === undefined ? '' : ` at record ${sequence}`;
      return `${region}: ${kind}${where}: ${why}`;
    });
    const rest = findings.length - told.length;
    const lines = [
      ...told,
      ...(rest > 0 ? [`${region}: and ${rest} more: see \`spillway audit verify\``] : []),
      ...(onTheirWay.length > 0
        ? [`${region}: records are still on their way: ask again in a quarter of an hour`]
        : []),
    ];
    return lines.flatMap((line) =>
      wrapText(line, width - 4).map((part, index) => paint('warn', `${index === 0 ? '  ' : '    '}${part}`)),
    );
  });
}
