const MINUTE_MS = 60_000;

/**
 * What one request held of the slots of a target: its time over that of all slots in a minute. The sum of those that ended
 * within a minute is the mean share that was taken, however many processes told of them.
 */
export function slotShareHeld(request: {
  readonly heldMs: number;
  /** What this gateway region may lend at a time; above 0. */
  readonly slots: number;
}): number {
  return request.heldMs / (request.slots * MINUTE_MS);
}
