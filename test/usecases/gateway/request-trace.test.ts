import { expect, it } from 'vitest';
import { traceIdOf } from '#core/trace/span-of-call.ts';
import { aStartedGateway } from '#test/builders/a-gateway.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { answering, aSignal } from '#test/builders/scripted-invoker.ts';
import type { TracedRequest } from '#usecases/ports/request-spans.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });
const callers = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' };
const unwanted = { traceparent: callers.traceparent.replace(/01$/, '00') };

async function world(rootShare = 1) {
  const traced: TracedRequest[] = [];
  const spans = { rootShare, ended: (request: TracedRequest) => void traced.push(request) };
  const made = await aStartedGateway([east, west], { overrides: { spans } });
  return { ...made, traced };
}

it('tells of a request whose trace its caller wants, and of no other caller’s', async () => {
  const { chat, traced, records } = await world();
  await chat({}, callers);
  await chat({}, unwanted);
  expect(traced).toHaveLength(1);
  expect(traced[0]).toMatchObject({ record: records[0], trace: { parentSpanId: '00f067aa0ba902b7' } });
  expect(records.map(({ traceId }) => traceId)).toEqual(Array(2).fill(traceIdOf(callers.traceparent)));
});

it('tells of a request that begins its trace, and sends its targets the same word', async () => {
  const { chat, traced, records, invoker } = await world();
  await chat();
  expect(traced[0]?.trace.parentSpanId).toBeUndefined();
  expect(invoker.calls[0]?.call.traceparent).toMatch(new RegExp(`^00-${traced[0]?.trace.traceId}-.{16}-01$`));
  expect(records[0]?.traceId).toBe(traced[0]?.trace.traceId);
  const none = await world(0);
  await none.chat();
  expect(none.traced).toEqual([]);
  expect(none.records[0]?.traceId).toBeUndefined();
  expect(none.invoker.calls[0]?.call.traceparent).toMatch(/-00$/);
});

it('says when each call to a target began', async () => {
  const { chat, traced, invoker } = await world();
  invoker.script(east.id, {
    failsBefore: aSignal({ errorName: 'InternalServerException', httpStatus: 500 }),
  });
  invoker.script(west.id, answering(['a']));
  await chat();
  const [first, second] = traced[0]?.record.attempts ?? [];
  expect(first?.startedMs).toBe(0);
  expect(second?.startedMs).toBeGreaterThanOrEqual((first?.durationMs ?? 0) + (first?.startedMs ?? 0));
});

it('costs an attempt nothing where nobody records spans', async () => {
  const { chat, records } = await aStartedGateway([east]);
  await chat({}, callers);
  expect(records[0]?.attempts[0]).not.toHaveProperty('startedMs');
});
