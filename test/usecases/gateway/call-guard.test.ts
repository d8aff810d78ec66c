import { describe, expect, it } from 'vitest';
import { aTarget } from '#test/builders/a-target.ts';
import { aSignal } from '#test/builders/scripted-invoker.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { asFailure, CallerLeft, createGuard } from '#usecases/gateway/call-guard.ts';
import { UpstreamFailure } from '#usecases/ports/model-invoker.ts';

const deadlines = { connectMs: 10, firstContentMs: 100, betweenTokensMs: 200, totalMs: 250 };
const never = new Promise<never>(() => undefined);

function guarding() {
  const caller = new AbortController();
  const call = { target: aTarget(), deadlines, callerSignal: caller.signal };
  const clock = createVirtualClock(0, { leap: true });
  return { guard: createGuard(clock, call), caller, call };
}

describe('a guard', () => {
  it.each([
    ['first-content', 'before'],
    ['between-tokens', 'in-stream'],
  ] as const)('ends a wait at its deadline: %s', async (deadline, phase) => {
    const { guard } = guarding();
    await expect(guard.within(deadline, never)).rejects.toMatchObject({
      signal: { kind: 'timeout', deadline, phase },
    });
    expect(guard.signal.aborted).toBe(true);
  });

  it('gives the time of one answer to the next, and ends them all together in the end', async () => {
    const { guard } = guarding();
    expect(await guard.within('first-content', Promise.resolve(1))).toBe(1);
    await expect(guard.within('between-tokens', never)).rejects.toMatchObject({ name: 'UpstreamFailure' });
  });

  it('tells a caller that leaves from everything else', async () => {
    const { guard, caller } = guarding();
    const waiting = guard.within('first-content', never);
    caller.abort();
    await expect(waiting).rejects.toBeInstanceOf(CallerLeft);
  });
});

it('takes what is neither for a defect of the adapter, and keeps the cause', () => {
  const { call } = guarding();
  const failure = new UpstreamFailure(aSignal());
  expect(asFailure(failure, call, 'before')).toBe(failure);
  const cause = new TypeError('x');
  expect(asFailure(cause, call, 'before')).toMatchObject({ signal: { kind: 'malformed' }, cause });
});
