import { describe, expect, it } from 'vitest';
import { accountRestKey } from '#core/decide/condition-keys.ts';
import { classifyFailure } from '#core/failures/classify-failure.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { aSignal } from '#test/builders/scripted-invoker.ts';
import { createRestBook } from '#usecases/gateway/rest-book.ts';

const target = aTarget();
const at = 1_000_000;
const throttle = classifyFailure(aSignal({ errorName: 'ThrottlingException', httpStatus: 429 }));
const broken = classifyFailure(aSignal({ errorName: 'InternalServerException', httpStatus: 500 }));
const book = () => createRestBook({ next: () => 0.5 });

describe('what rests', () => {
  it('is the pool of a target that was throttled, longer each time until an answer comes', () => {
    const { resting, failed, answered } = book();
    failed(target, throttle, at);
    const firstMs = (resting.get(target.quotaPool) ?? 0) - at;
    failed(target, throttle, at + firstMs);
    const secondMs = (resting.get(target.quotaPool) ?? 0) - at - firstMs;
    expect(secondMs).toBeGreaterThan(firstMs);
    // The answers of a call that began before say nothing; a while without a throttle does.
    const later = at + 3_600_000;
    answered(target, later);
    failed(target, throttle, later);
    expect((resting.get(target.quotaPool) ?? 0) - later).toBe(firstMs);
  });

  it('is an account without credentials, in all regions where its role is the trouble', () => {
    const { resting, failed } = book();
    const noRole = { ...broken, class: 'no-credentials', outcome: 'role-unavailable' } as const;
    failed(target, noRole, at);
    failed(target, { ...noRole, outcome: 'access-denied' }, at);
    const keys = [accountRestKey(target.account, undefined), accountRestKey(target.account, target.region)];
    expect([...resting]).toEqual(keys.map((key) => [key, at + 2000]));
  });

  it('is nothing for any other failure', () => {
    const { resting, failed } = book();
    failed(target, broken, at);
    expect(resting.size).toBe(0);
  });
});
