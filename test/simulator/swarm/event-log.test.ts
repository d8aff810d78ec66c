import { describe, expect, it } from 'vitest';
import { EventLog } from '#simulator/swarm/event-log.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { anEnding, aSentCall, aSimulatedRequest } from '#test/builders/judged-history.ts';

/** What a log says of a history: one call, sent and answered, but for the changes. */
function fingerprintOf(changes: {
  readonly sent?: Parameters<typeof aSentCall>[0];
  readonly sentAtMs?: number;
  readonly ended?: Parameters<typeof anEnding>[0];
}): string {
  const log = new EventLog();
  log.sent(aSentCall(changes.sent), changes.sentAtMs ?? 5);
  log.ended(anEnding(changes.ended));
  return log.fingerprint();
}

describe('the log of a run', () => {
  it('counts requests, calls, and answers by their status', () => {
    const log = new EventLog();
    expect(log.counts()).toEqual({ requests: 0, calls: 0, statuses: {} });
    log.sent(aSentCall(), 5);
    for (const status of [503, 200, 503]) log.ended(anEnding({ status }));
    expect(log.counts()).toEqual({ requests: 3, calls: 1, statuses: { 200: 1, 503: 2 } });
    expect(Object.keys(log.counts().statuses)).toEqual(['200', '503']);
  });

  it('has one fingerprint for one history', () => {
    expect(fingerprintOf({})).toBe(fingerprintOf({}));
    expect(fingerprintOf({})).toMatch(/^[0-9a-f]{8}$/);
  });

  it('has another for a history that differs in anything that matters', () => {
    const others = [
      { sentAtMs: 6 },
      { sent: { target: aTarget({ region: 'us-west-2' }) } },
      { sent: { gateway: 'eu-west-1' } },
      { sent: { request: aSimulatedRequest({ id: 2 }) } },
      { ended: { status: 504 } },
      { ended: { endedAtMs: 7 } },
      { ended: { attempts: 2 } },
      { ended: { shownTokens: 49 } },
      { ended: { ends: 2 } },
      { ended: { breaks: 1 } },
      { ended: { target: 'another' } },
    ].map(fingerprintOf);
    expect(new Set([fingerprintOf({}), ...others]).size).toBe(others.length + 1);
  });

  it('has another for the same things in another order', () => {
    const [one, other] = [new EventLog(), new EventLog()];
    one.ended(anEnding());
    one.sent(aSentCall(), 5);
    other.sent(aSentCall(), 5);
    other.ended(anEnding());
    expect(one.fingerprint()).not.toBe(other.fingerprint());
  });
});
