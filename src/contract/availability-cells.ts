/** What a model is worth in a region, as the command line and the console both say it. */
import type { Availability } from './http.ts';

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

export interface CellSign {
  /** A shape: nobody has to tell colours apart. */
  readonly symbol: string;
  /** For the legend. */
  readonly meaning: string;
}

export const cellSigns: Readonly<Record<CellKind, CellSign>> = {
  warm: { symbol: '▲', meaning: 'dedicated, warm' },
  plain: { symbol: '●', meaning: 'in the region' },
  profile: { symbol: '◆', meaning: 'by a geographic profile' },
  'global-only': { symbol: '◇', meaning: 'by a global profile only' },
  legacy: { symbol: '○', meaning: 'legacy' },
  cold: { symbol: '△', meaning: 'dedicated, not warm' },
  blocked: { symbol: '✗', meaning: 'blocked' },
  unknown: { symbol: '?', meaning: 'unknown' },
  'not-offered': { symbol: '·', meaning: 'not offered' },
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

/** Who could repair a gap, those first of whom something can be asked. */
export const repairers = [
  'account-owner',
  'aws-support',
  'wait',
  'nobody',
] as const satisfies readonly Repairer[];

export type Repairer = AvailabilityTarget['hint']['who'];

/** The state in words, and in brackets what the API said of it. */
export function whyOf({ state, reasons }: Pick<AvailabilityTarget, 'state' | 'reasons'>): string {
  const details = reasons.filter((reason) => reason !== state);
  return [state.replaceAll('-', ' '), ...(details.length === 0 ? [] : [`(${details.join(', ')})`])].join(' ');
}

/** Of targets that nobody can use, the one that says most: one that somebody can repair, then one that is merely unknown. */
export function tellingTarget(targets: readonly AvailabilityTarget[]): AvailabilityTarget | undefined {
  return [...targets].sort((left, right) => tellingOf(right) - tellingOf(left))[0];
}

function tellingOf(target: AvailabilityTarget): number {
  const kind = kindOfTarget(target);
  if (kind === 'cold' || kind === 'blocked') return 3;
  if (kind === 'unknown') return 2;
  return target.state === 'profile-only' ? 1 : 0;
}
