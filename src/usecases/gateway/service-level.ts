import { gatewayErrorStatus } from '#contract/http.ts';

/** How a call counts for what callers are promised. */
export type ServiceLevel = 'met' | 'slow' | 'failed';

export interface CallEnd {
  /** `answered`, `resumed`, `cancelled` or an error code. */
  readonly outcome: string;
  /** The caller itself said how long it waits. */
  readonly hasOwnDeadline: boolean;
  /** From its arrival to the first content; undefined for what none came of, and for calls that are no chats. */
  readonly firstTokenMs: number | undefined;
  readonly durationMs: number;
  /** Until when the first content should come. */
  readonly objectiveMs: number;
}

/** Undefined for what the caller got wrong, asked too much of, or took back before anybody could judge. */
export function serviceLevelOf(call: CallEnd): ServiceLevel | undefined {
  const { outcome, firstTokenMs, durationMs, objectiveMs } = call;
  if (outcome === 'answered' || outcome === 'resumed')
    return firstTokenMs !== undefined && firstTokenMs > objectiveMs ? 'slow' : 'met';
  if (outcome === 'cancelled') {
    // Who leaves because nothing comes has waited too long.
    if ((firstTokenMs ?? durationMs) > objectiveMs) return 'slow';
    return firstTokenMs === undefined ? undefined : 'met';
  }
  if (outcome === 'deadline_exceeded' && call.hasOwnDeadline) return undefined;
  return isOurFault(outcome) ? 'failed' : undefined;
}

const SERVER_ERROR = 500;

function isOurFault(outcome: string): boolean {
  const status = Object.entries(gatewayErrorStatus).find(([code]) => code === outcome)?.[1];
  // Full targets are nothing that a caller could help; its own limits are.
  return outcome === 'capacity_exhausted' || (status ?? SERVER_ERROR) >= SERVER_ERROR;
}
