/** Far more than any route set; beyond it the oldest entries go, and what they were about counts as unknown. */
export const ENTRIES_MAX = 20_000;

/** Maps keep insertion order: the first key of a full one was written longest ago. */
export function putBounded<Value>(map: Map<string, Value>, key: string, value: Value): void {
  // A key that goes and comes again costs more than the value: only a map that may soon be full needs the order.
  if (map.size > ENTRIES_MAX / 2) map.delete(key);
  map.set(key, value);
  if (map.size <= ENTRIES_MAX) return;
  const oldest = map.keys().next().value;
  if (oldest !== undefined) map.delete(oldest);
}
