import { describe, expect, it } from 'vitest';
import { operationSchemas } from '#contract/operations.ts';

const route = { model: 'chat', residency: 'eu', reason: 'a release tonight' };
const target = '111111111111/eu-central-1/eu.amazon.nova-lite-v1:0';

describe('the body of an operation', () => {
  it('gets its defaults', () => {
    expect(operationSchemas.pin.parse(route)).toEqual({ ...route, hours: 24 });
    expect(operationSchemas.rollback.parse({ ...route, version: 3 })).toEqual({
      ...route,
      version: 3,
      hours: 24,
      leaveOutForbidden: false,
    });
    expect(operationSchemas.disable.parse({ target, reason: 'slow', hours: 0 }).hours).toBe(0);
  });

  it.each(['', ' ', 'two\nlines', 'a\u0000b', 'a\u2028b', 'a\u202eb', 'x'.repeat(513), 7, undefined])(
    'needs a reason of one line, not %j',
    (reason) => {
      expect(operationSchemas.pin.safeParse({ ...route, reason }).success).toBe(false);
    },
  );

  it('takes a reason in any script', () => {
    for (const reason of ['Lieferung um 8 Uhr: größer', '今夜のリリース', 'a — b'])
      expect(operationSchemas.pin.safeParse({ ...route, reason }).success).toBe(true);
  });

  it.each(['', 'nova', '1/eu/x', `${target} `, `${target}\n`, '111111111111//x', '../../x'])(
    'names a target by its id, not %j',
    (wrong) => {
      expect(operationSchemas.disable.safeParse({ target: wrong, reason: 'slow' }).success).toBe(false);
    },
  );
});
