import { describe, expect, it } from 'vitest';
import { timeAgo, utcClock, utcTime } from '../../../console/shell/times.ts';

const at = Date.UTC(2026, 10, 22, 5, 10, 54);

describe('times', () => {
  it('say their zone', () => {
    expect(utcTime('2026-11-22T07:10:54+02:00')).toBe('2026-11-22 05:10 UTC');
    expect(utcTime('soon')).toBe('soon');
    expect(utcClock(at)).toBe('05:10:54 UTC');
  });

  it('say how long ago in the largest unit', () => {
    expect(timeAgo('2026-11-22T05:10:00Z', at)).toBe('less than a minute ago');
    expect(timeAgo('2026-11-22T05:09:00Z', at)).toBe('1 minute ago');
    expect(timeAgo('2026-11-20T05:09:00Z', at)).toBe('2 days ago');
  });
});
