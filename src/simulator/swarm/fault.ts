/** What may be wrong with a world for a while. Each fault is one line that a person can read. */

/** Of calls to models. */
export const callTroubles = [
  'dark',
  'hangs',
  'slow',
  'throttled',
  'unavailable',
  'denied',
  'cuts',
  'stalls',
  'no-credentials',
] as const;

export type CallTrouble = (typeof callTroubles)[number];

export type Fault = {
  /** Seconds since the world began. */
  readonly fromSeconds: number;
  readonly untilSeconds: number;
} & (
  | { readonly kind: 'region'; readonly region: string; readonly trouble: CallTrouble }
  /** One model id, in every region. */
  | { readonly kind: 'model'; readonly modelId: string; readonly trouble: CallTrouble }
  /** The dedicated endpoint has no copy. */
  | { readonly kind: 'cold'; readonly endpoint: string }
  /** What a gateway region reads its routes from. */
  | { readonly kind: 'table'; readonly region: string; readonly trouble: 'dark' | 'hangs' }
  /** What discovery hears of a region. */
  | {
      readonly kind: 'catalogue';
      readonly region: string;
      readonly trouble: 'throttled' | 'empty' | 'poisoned';
    }
  /** Somebody writes routes that no plan made into what a gateway region reads. */
  | { readonly kind: 'planted'; readonly region: string }
);

export function describeFault(fault: Fault): string {
  const when = `${fault.fromSeconds}–${fault.untilSeconds} s`;
  switch (fault.kind) {
    case 'region':
    case 'table':
    case 'catalogue':
      return `${fault.kind} ${fault.region} ${fault.trouble}, ${when}`;
    case 'model':
      return `model ${fault.modelId} ${fault.trouble}, ${when}`;
    case 'cold':
      return `endpoint ${fault.endpoint} cold, ${when}`;
    case 'planted':
      return `planted routes in ${fault.region}, ${when}`;
  }
}
