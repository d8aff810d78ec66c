import { describe, expect, it } from 'vitest';
import type { Signal } from '#core/plan/route.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { aSignal } from '#test/builders/scripted-invoker.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { createSignalReporter } from '#usecases/gateway/signal-reporter.ts';
import { UpstreamFailure } from '#usecases/ports/model-invoker.ts';

const denied = new UpstreamFailure(aSignal({ errorName: 'AccessDeniedException' }));

function world(saveSignal: (signal: Signal) => Promise<void>) {
  const clock = createVirtualClock(0);
  const events: string[] = [];
  const metrics = {
    record: () => undefined,
    ejected: () => undefined,
    count: (event: string) => void events.push(event),
  };
  const reporter = createSignalReporter({ region: 'us-east-1', routes: { saveSignal }, clock, metrics });
  return { clock, events, reporter };
}

describe('telling the control plane', () => {
  it('tells the same news of a target once a minute', () => {
    const told: Signal[] = [];
    const { reporter, clock } = world(async (signal) => void told.push(signal));
    for (let index = 0; index < 5; index += 1) reporter.report(aTarget(), 'access-denied', denied);
    reporter.report(aTarget(), 'not-found', denied);
    clock.advance(60_000);
    reporter.report(aTarget(), 'access-denied', denied);
    expect(told.map(({ outcome, at }) => [outcome, at])).toEqual([
      ['access-denied', 0],
      ['not-found', 0],
      ['access-denied', 60_000],
    ]);
    expect(told[0]).toMatchObject({
      target: aTarget().id,
      gatewayRegion: 'us-east-1',
      errorName: 'AccessDeniedException',
    });
  });

  it('keeps at most eight writes under way when the table hangs, and counts what it dropped', () => {
    let writes = 0;
    const { reporter, events } = world(() => {
      writes += 1;
      return new Promise(() => undefined);
    });
    for (let index = 0; index < 20; index += 1)
      reporter.report(aTarget({ region: `us-east-${index}` }), 'access-denied', denied);
    expect([writes, events.length]).toEqual([8, 12]);
  });

  it('tells it again at the next failure when the table refused it', async () => {
    let writes = 0;
    const { reporter, events } = world(async () => {
      writes += 1;
      throw new Error('throttled');
    });
    reporter.report(aTarget(), 'access-denied', denied);
    await new Promise(setImmediate);
    reporter.report(aTarget(), 'access-denied', denied);
    await new Promise(setImmediate);
    expect([writes, events]).toEqual([2, ['signal-lost', 'signal-lost']]);
  });
});
