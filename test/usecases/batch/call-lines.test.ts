import { describe, expect, it } from 'vitest';
import { aBatchRegion, chatLinesNamed, type GatewayScript } from '#test/builders/a-batch-region.ts';

async function run(count: number, script: GatewayScript, linesInFlight = 4) {
  const region = aBatchRegion({ script, linesInFlight });
  const batch = await region.start(chatLinesNamed(count));
  const dispatcher = region.dispatch();
  const ended = await region.end(batch);
  await dispatcher.stop();
  return { ...region, ended, ...(await region.output(ended)) };
}

describe('lines that are called', () => {
  it('are never more at a time than the dispatcher may have under way, each in a trace of its own', async () => {
    let underWay = 0;
    let most = 0;
    const region = aBatchRegion({ linesInFlight: 5 });
    const answer: typeof region.services.gateway.answer = async (request) => {
      underWay += 1;
      most = Math.max(most, underWay);
      const answered = await region.services.gateway.answer(request);
      underWay -= 1;
      return answered;
    };
    const services = { ...region.services, gateway: { answer } };
    const { runDispatchLoop } = await import('#usecases/batch/dispatch-loop.ts');
    const { dispatchQueues } = await import('#usecases/batch/dispatch.ts');
    const batch = await region.start(chatLinesNamed(60));
    const stop = new AbortController();
    const loops = dispatchQueues(services).map((queue) =>
      runDispatchLoop(services, { queue, messagesMax: 1, hiddenSeconds: 10, stop: stop.signal }),
    );
    await region.end(batch);
    stop.abort();
    await Promise.all(loops);
    expect(most).toBeGreaterThan(3);
    expect(most).toBeLessThanOrEqual(5);
    const traces = region.calls.map(({ request }) => request.headers.get('traceparent'));
    expect(new Set(traces).size).toBe(60);
    for (const trace of traces) expect(trace).toMatch(/^00-[0-9a-z-]{32,}-[0-9a-z-]{16,}-01$/);
  });

  it('that meet no capacity come again later, and yield to whoever has it', async () => {
    let refusals = 40;
    const { ended, output, errors } = await run(30, () => {
      refusals -= 1;
      return refusals >= 0 ? { status: refusals % 2 === 0 ? 429 : 503 } : {};
    });
    expect(ended.state).toBe('completed');
    expect(output).toHaveLength(30);
    expect(errors).toEqual([]);
    expect(ended.tally?.repeatedCalls).toBe(0);
  });

  it('that nobody answers are tried again, and then stand in the error file', async () => {
    const script: GatewayScript = ({ body }, nth) => {
      const name = body.messages[0]?.content;
      if (name === 'line-3') return { status: 502 };
      return name === 'line-5' && nth < 3 ? { status: 504 } : {};
    };
    const { ended, output, errors, timesOf } = await run(8, script);
    expect(ended.tally).toMatchObject({ completed: 7, failed: 1 });
    expect(output.map(({ custom_id }) => custom_id)).not.toContain('line-3');
    expect(errors).toMatchObject([{ custom_id: 'line-3', response: { status_code: 502 }, error: null }]);
    expect(timesOf.get('line-3')).toBe(3);
    expect(timesOf.get('line-5')).toBe(3);
  });

  it('that are wrong are called once, and stand in the error file', async () => {
    const { errors, timesOf } = await run(4, ({ body }) =>
      body.messages[0]?.content === 'line-1' ? { status: 400 } : {},
    );
    expect(errors).toMatchObject([{ custom_id: 'line-1', response: { status_code: 400 } }]);
    expect(timesOf.get('line-1')).toBe(1);
  });

  it('keep their chunk while one of them takes long', async () => {
    const { ended, timesOf } = await run(6, ({ body }) =>
      body.messages[0]?.content === 'line-2' ? { afterMs: 60_000 } : {},
    );
    expect(ended.state).toBe('completed');
    expect([...timesOf.values()].every((times) => times === 1)).toBe(true);
  });
});
