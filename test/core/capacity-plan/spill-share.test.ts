import { describe, expect, it } from 'vitest';
import { lossOfCopies } from '#core/capacity-plan/spill-share.ts';

const constant = (arrivalsPerSecond: number, slots: number) =>
  lossOfCopies({ arrivalsPerSecond, copies: slots, requestsPerCopy: 1, callSeconds: () => 1 });

describe('calls that find every copy full', () => {
  // Erlang's B by hand: B(1, a) = a / (1 + a), B(n, a) = a B(n − 1, a) / (n + a B(n − 1, a)).
  it.each([
    [1, 1, 1 / 2],
    [2, 1, 1 / 5],
    [3, 1, 1 / 16],
    [2, 2, 2 / 5],
    [10, 5, 0.018_384_57],
    [64, 64, 0.093_407_48],
  ])('%i slots under %i erlangs', (slots, erlangs, blocked) => {
    const loss = constant(erlangs, slots);
    expect(loss.blockedShare).toBeCloseTo(blocked, 6);
    // Those who get in stay for a second each.
    expect(loss.running).toBeCloseTo(erlangs * (1 - blocked), 4);
  });

  it('is all of them without a copy, and none without a call', () => {
    expect(constant(3, 0)).toEqual({ blockedShare: 1, running: 0 });
    expect(constant(0, 4)).toEqual({ blockedShare: 0, running: 0 });
  });

  it('knows that calls slow each other', () => {
    // One copy, two calls that take 1 s alone and 2 s together: p = 1, 1, 1 at one call a second.
    const loss = lossOfCopies({
      arrivalsPerSecond: 1,
      copies: 1,
      requestsPerCopy: 2,
      callSeconds: (running) => running,
    });
    expect(loss.blockedShare).toBeCloseTo(1 / 3, 12);
    expect(loss.running).toBeCloseTo(1, 12);
  });

  it('spreads calls over the copies before it doubles them', () => {
    const two = lossOfCopies({
      arrivalsPerSecond: 1,
      copies: 2,
      requestsPerCopy: 1,
      callSeconds: (running) => running,
    });
    expect(two.blockedShare).toBeCloseTo(1 / 5, 12);
  });

  it('counts every state where a copy that runs more answers fewer', () => {
    // Up to two of three calls of 1, 10 and 100 s: p = 1, 1, 5, 500 / 3 at one call a second.
    const seconds = [0, 1, 10, 100];
    const loss = lossOfCopies({
      arrivalsPerSecond: 1,
      copies: 1,
      requestsPerCopy: 3,
      callSeconds: (running) => seconds[running] ?? 0,
    });
    expect(loss.blockedShare).toBeCloseTo(500 / 3 / (7 + 500 / 3), 12);
  });

  it('stays a number under any load', () => {
    const loss = lossOfCopies({
      arrivalsPerSecond: 1e6,
      copies: 50,
      requestsPerCopy: 64,
      callSeconds: () => 30,
    });
    expect(loss.blockedShare).toBeGreaterThan(0.999);
    expect(loss.running).toBeCloseTo(3_200, 0);
  });
});
