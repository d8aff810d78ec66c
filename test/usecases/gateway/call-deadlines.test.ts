import { describe, expect, it } from 'vitest';
import { aStartedGateway } from '#test/builders/a-gateway.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { answering, textEvents } from '#test/builders/scripted-invoker.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });
const ohio = aTarget({ region: 'us-east-2' });

const world = (targets = [east, west], leap = true) => aStartedGateway(targets, { leap });

describe('deadlines', () => {
  it('moves on from a target that hangs, after ten seconds of serverless and five of dedicated', async () => {
    const warm = aDedicatedTarget();
    const { chat, invoker, clock } = await world([warm, east, west]);
    invoker.script(warm.id, { hangs: 'before' });
    invoker.script(east.id, { events: [{ type: 'message-start' }], hangs: 'after-events' });
    const startedMs = clock.monotonicMs();
    const response = await chat();
    expect(response.headers.get('x-spillway-target')).toBe(west.id);
    expect(clock.monotonicMs() - startedMs).toBe(15_000);
    expect(invoker.calls.slice(0, 2).every(({ aborted }) => aborted)).toBe(true);
  });

  it('gives each attempt its slice of the caller’s own deadline', async () => {
    const { chat, invoker, clock } = await world([east, west, ohio]);
    invoker.script(east.id, { hangs: 'before' });
    invoker.script(ohio.id, { hangs: 'before' });
    const startedMs = clock.monotonicMs();
    const response = await chat({}, { 'x-spillway-deadline-ms': '900' });
    expect(response.status).toBe(200);
    // 900 ÷ 3, then 600 ÷ 2.
    expect(clock.monotonicMs() - startedMs).toBe(600);
  });

  it('is deadline_exceeded when the time is over, in the middle of an answer too', async () => {
    const { chat, invoker, clock } = await world([east]);
    invoker.script(east.id, { events: textEvents(['a', 'b', 'c', 'd', 'e']), betweenMs: 300 });
    const startedMs = clock.monotonicMs();
    const response = await chat({}, { 'x-spillway-deadline-ms': '1000' });
    expect([response.status, clock.monotonicMs() - startedMs]).toEqual([504, 1000]);
    expect(await response.json()).toMatchObject({ error: { code: 'deadline_exceeded' } });
  });

  it('moves a plain answer on when it stalls between two tokens', async () => {
    const { chat, invoker, clock } = await world();
    invoker.script(east.id, { events: textEvents(['Half']), hangs: 'after-events' });
    const startedMs = clock.monotonicMs();
    expect((await chat()).headers.get('x-spillway-target')).toBe(west.id);
    expect(clock.monotonicMs() - startedMs).toBe(15_000);
  });

  it('waits for the whole answer of a target that cannot stream', async () => {
    const plainly = aTarget({ capabilities: { streaming: false } });
    const { chat, invoker } = await world([plainly]);
    invoker.script(plainly.id, { afterMs: 40_000, ...answering() });
    expect((await chat()).status).toBe(200);
  });
});
