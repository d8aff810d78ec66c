/**
 * When a slot of a full target is likely to come free, by how long its calls have lasted. A call that waits before it goes to
 * another tier does so only where that is soon enough.
 */

/** Weight of the newest call: the mean is of about the last sixteen. */
const NEWEST = 1 / 16;

/** Mean time that a slot is held, after one more call has ended. */
export function heldMeanMs(before: number | undefined, heldMs: number): number {
  return before === undefined ? heldMs : before + (heldMs - before) * NEWEST;
}

/**
 * Expected time until so many slots of a full target have come free: of calls that last `meanMs` each, over so many slots, one
 * ends every `meanMs / slots`.
 *
 * @param wanted slots that must come free: the call's own, those that it leaves to others, and those of calls before it
 */
export function expectedFreeMs(
  meanMs: number,
  { slots, wanted }: { readonly slots: number; readonly wanted: number },
): number {
  return (meanMs * wanted) / slots;
}
