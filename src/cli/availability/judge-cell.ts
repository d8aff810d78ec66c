import type { Availability } from '#contract/http.ts';
import type { Ink } from '../terminal/paint.ts';

export type AvailabilityTarget = Availability['targets'][number];

/** What one model is worth in one region, best first: a cell shows the best that any of its targets offers. */
export const cellKinds = [
  'warm',
  'plain',
  'profile',
  'global-only',
  'legacy',
  'cold',
  'blocked',
  'unknown',
  'not-offered',
] as const;

export type CellKind = (typeof cellKinds)[number];

export interface CellLook {
  readonly symbol: string;
  readonly ink: Ink;
  /** For the legend. */
  readonly meaning: string;
}

export const cellLooks: Readonly<Record<CellKind, CellLook>> = {
  warm: { symbol: '▲', ink: 'good', meaning: 'dedicated, warm' },
  plain: { symbol: '●', ink: 'good', meaning: 'in the region' },
  profile: { symbol: '◆', ink: 'good', meaning: 'by a geographic profile' },
  'global-only': { symbol: '◇', ink: 'accent', meaning: 'by a global profile only' },
  legacy: { symbol: '○', ink: 'warn', meaning: 'legacy' },
  cold: { symbol: '△', ink: 'warn', meaning: 'dedicated, not warm' },
  blocked: { symbol: '✗', ink: 'bad', meaning: 'blocked' },
  unknown: { symbol: '?', ink: 'warn', meaning: 'unknown' },
  'not-offered': { symbol: '·', ink: 'dim', meaning: 'not offered' },
};

const usableKinds: readonly CellKind[] = ['warm', 'plain', 'profile', 'global-only', 'legacy'];

/** True where a request could be answered now. */
export const isUsable = (kind: CellKind): boolean => usableKinds.includes(kind);

/** What one target is worth by itself. A profile-only model id says nothing alone: its profiles do. */
export function kindOfTarget(target: AvailabilityTarget): CellKind {
  switch (target.state) {
    case 'warm':
      return 'warm';
    case 'warming':
    case 'cold':
      return 'cold';
    case 'legacy':
      return 'legacy';
    case 'available':
      return target.scope === 'geo' ? 'profile' : target.scope === 'global' ? 'global-only' : 'plain';
    case 'profile-only':
    case 'not-offered':
      return 'not-offered';
    case 'unknown':
      return 'unknown';
    default:
      return 'blocked';
  }
}

/** The best kind among targets; `not-offered` for none. */
export function kindOfCell(targets: readonly AvailabilityTarget[]): CellKind {
  const kinds = new Set(targets.map(kindOfTarget));
  return cellKinds.find((kind) => kinds.has(kind)) ?? 'not-offered';
}
