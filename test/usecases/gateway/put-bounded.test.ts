import { expect, it } from 'vitest';
import { ENTRIES_MAX, putBounded } from '#usecases/gateway/put-bounded.ts';

it('forgets what was written longest ago, once there is more than any route set has', () => {
  const map = new Map<string, number>();
  for (let index = 0; index < ENTRIES_MAX; index += 1) putBounded(map, `${index}`, index);
  putBounded(map, '0', -1);
  putBounded(map, 'new', 1);
  expect([map.size, map.get('0'), map.has('1'), map.has('2'), map.get('new')]).toEqual([
    ENTRIES_MAX,
    -1,
    false,
    true,
    1,
  ]);
});
