import { expect, it } from 'vitest';
import { traceStateMember } from '#core/trace/trace-state.ts';

it.each([
  ['spillway=1;bulk;-', '1;bulk;-'],
  ['vendor=x, spillway=a ,other=y', 'a'],
  ['vendor=x,spillway', undefined],
  ['spillwayx=a', undefined],
  ['spillway=a=b', undefined],
  ['', undefined],
  [`spillway=a,${'x'.repeat(2048)}=1`, undefined],
])('the member of %j is %j', (header, value) => {
  expect(traceStateMember(header, 'spillway')).toBe(value);
});
