import { describe, expect, it } from 'vitest';
import { operationSchemas } from '#contract/operations.ts';
import {
  emptyOrder,
  orderProblems,
  orderRequest,
  type RouteOrder,
  refusalWords,
} from '../../../console/routes/operator-order.ts';

const pin: RouteOrder = { name: 'pin', model: 'chat-small', residency: 'us', version: 3 };
const rollback: RouteOrder = { ...pin, name: 'rollback', standing: 5, hasForbidden: false };
const typed = {
  ...emptyOrder,
  credential: 'eyJh.eyJz.c2ln_-',
  reason: 'a release tonight',
  confirmation: 'chat-small',
};

describe('an operator’s order', () => {
  it('says all that is wrong at once, before anything is sent', () => {
    expect(Object.keys(orderProblems(pin, emptyOrder))).toEqual(['credential', 'reason', 'confirmation']);
    expect(orderProblems(pin, typed)).toEqual({});
  });

  it.each(['', 'sk-local', 'a.b', 'a.b.c.d', 'a.b.c d', '<b>.x.y'])(
    'never sends %s as an operator’s sign-in',
    (credential) => {
      expect(orderProblems(pin, { ...typed, credential })).toHaveProperty('credential');
    },
  );

  it.each([
    ['hours', ['', ' ', '0', '721', '1.5', 'day', '-1', '1e9']],
    ['reason', ['', '  ', 'two\nlines', 'x'.repeat(513), 'a\u2028b']],
    ['confirmation', ['', 'chat-small ', 'Chat-small', 'chat']],
  ] as const)('takes no %s that the gateway would refuse', (field, values) => {
    for (const value of values)
      expect(orderProblems(pin, { ...typed, [field]: value })).toHaveProperty(field);
  });

  it('leaves forbidden targets out only where somebody said so', () => {
    const order: RouteOrder = { ...rollback, hasForbidden: true };
    expect(orderProblems(order, typed)).toHaveProperty('leaveOutForbidden');
    expect(orderProblems(order, { ...typed, leaveOutForbidden: true })).toEqual({});
    expect(orderRequest(order, { ...typed, leaveOutForbidden: true }).body).toMatchObject({
      leaveOutForbidden: true,
    });
    expect(orderRequest(rollback, { ...typed, leaveOutForbidden: true }).body).not.toHaveProperty(
      'leaveOutForbidden',
    );
  });

  it('is what the gateway’s own schema takes', () => {
    for (const order of [pin, rollback]) {
      const { path, body } = orderRequest(order, { ...typed, hours: '720' });
      expect(path).toBe(`/spillway/v1/operations/${order.name}`);
      expect(operationSchemas[order.name].parse(body)).toMatchObject({
        model: 'chat-small',
        version: 3,
        hours: 720,
      });
    }
    expect(orderRequest(rollback, typed).body).toMatchObject({ version: 3, standing: 5 });
    const lift = orderRequest({ ...pin, name: 'lift' }, { ...typed, hours: 'not asked for' });
    expect(operationSchemas.lift.parse(lift.body)).toEqual({
      model: 'chat-small',
      residency: 'us',
      reason: 'a release tonight',
    });
  });

  it('that was refused says whether anything was done, and by whom it can be given', () => {
    const refusal = (status: number, code: string) => refusalWords({ status, code, message: 'Why.' });
    expect(refusal(401, 'invalid_api_key')).toMatch(/has expired, was revoked.*Nothing was done\.$/);
    expect(refusal(403, 'operation_not_allowed')).toBe('Why. Nothing was done.');
    expect(refusal(0, 'unreachable')).toMatch(/Nobody knows whether/);
    expect(refusal(503, 'not_ready')).toBe('Why. Look at the history before you order it again.');
    expect(refusal(409, 'operation_refused')).toMatch(/^Why\. Close this/);
  });
});
