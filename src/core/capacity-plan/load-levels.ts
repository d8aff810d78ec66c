import { type TrafficBin, totalOf } from './traffic.ts';

/** As fine as a picture of a day needs, and cheap enough to try hundreds of copies. */
const LEVELS_MAX = 48;

/**
 * Bins by falling rate, at most 48 of them: neighbours are put together, about the same number of calls in each, so that
 * the busiest times stay apart. Idle time is one level of its own.
 */
export function loadLevels(bins: readonly TrafficBin[]): readonly TrafficBin[] {
  const idle = bins.filter(({ requests }) => requests === 0);
  const busy = bins
    .filter(({ requests }) => requests > 0)
    .sort((left, right) => right.requests / right.seconds - left.requests / left.seconds);
  const ofIdle = idle.length === 0 ? [] : [totalOf(idle)];
  const room = LEVELS_MAX - ofIdle.length;
  if (busy.length <= room) return [...busy, ...ofIdle];
  const each = totalOf(busy).requests / room;
  const groups: TrafficBin[][] = Array.from({ length: room }, () => []);
  let before = 0;
  for (const bin of busy) {
    groups[Math.min(room - 1, Math.floor(before / each))]?.push(bin);
    before += bin.requests;
  }
  return [...groups.filter((group) => group.length > 0).map(totalOf), ...ofIdle];
}
