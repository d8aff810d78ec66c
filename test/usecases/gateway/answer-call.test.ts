import { describe, expect, it } from 'vitest';
import { aStartedGateway } from '#test/builders/a-gateway.ts';
import { aTarget } from '#test/builders/a-target.ts';
import type { ScriptedInvoker } from '#test/builders/scripted-invoker.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });

const world = (targets = [east, west], leap = true) => aStartedGateway(targets, { leap });

async function untilCalled(invoker: ScriptedInvoker): Promise<void> {
  for (let turn = 0; turn < 100 && invoker.calls.length === 0; turn += 1) await new Promise(setImmediate);
}

describe('a caller that leaves', () => {
  it.each([false, true])('ends the call to the target at once (stream: %s)', async (stream) => {
    const { chat, invoker, records, clock } = await world([east, west], false);
    invoker.script(east.id, { hangs: 'before' });
    const caller = new AbortController();
    const startedMs = clock.monotonicMs();
    const answer = chat({ stream }, {}, caller.signal);
    await untilCalled(invoker);
    caller.abort();
    expect((await answer).status).toBe(499);
    expect([invoker.calls[0]?.aborted, clock.monotonicMs() - startedMs]).toEqual([true, 0]);
    expect(records[0]).toMatchObject({ outcome: 'cancelled', attempts: [{ outcome: 'cancelled' }] });
    expect(invoker.calls).toHaveLength(1);
  });
});
