import { describe, expect, it } from 'vitest';
import type { ModelEvent } from '#core/chat/model-event.ts';
import { VirtualTime } from '#simulator/engine/virtual-time.ts';
import { textOfTokens } from '#simulator/world/answer-text.ts';
import type { SimulatedAnswer } from '#simulator/world/simulated-answer.ts';
import { SimulatedInvoker } from '#simulator/world/simulated-invoker.ts';
import type { SimulatedRequest } from '#simulator/world/simulated-request.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { aSimulatedRequest } from '#test/builders/judged-history.ts';
import { chatRequest } from '#test/builders/model-call.ts';
import { fails, finishes, PlannedServing, type ServingPlan, writes } from '#test/builders/planned-serving.ts';
import { CallerLeft } from '#usecases/gateway/call-guard.ts';
import { callTarget, type TargetStream } from '#usecases/gateway/call-target.ts';
import { UpstreamFailure } from '#usecases/ports/model-invoker.ts';

const deadlines = { connectMs: 1_000, firstContentMs: 10_000, betweenTokensMs: 15_000, totalMs: 300_000 };
const reset = { kind: 'reset', message: 'cut' } as const;
const throttled = {
  kind: 'answer',
  errorName: 'ThrottlingException',
  httpStatus: 429,
  message: 'too many',
} as const;

/** A call of the gateway's own use case, which a target serves by a plan. */
function calling(
  plan: ServingPlan,
  {
    target = aTarget(),
    ...changes
  }: Partial<SimulatedRequest> & { readonly target?: ReturnType<typeof aTarget> } = {},
) {
  const time = new VirtualTime(0);
  const serving = new PlannedServing(time, () => plan);
  const asked = aSimulatedRequest({ outputTokens: 10, ...changes });
  const request = chatRequest();
  const [message] = request.messages;
  const callers = new WeakMap(message === undefined ? [] : [[message, asked]]);
  const answers: SimulatedAnswer[] = [];
  const onSent = ({ answer }: { readonly answer: SimulatedAnswer }) => void answers.push(answer);
  const invoker = new SimulatedInvoker({ gateway: 'us-east-1', world: serving, callers, onSent });
  const caller = new AbortController();
  const call = {
    target,
    request,
    maxTokens: asked.maxTokens ?? 1_000,
    deadlines,
    callerSignal: caller.signal,
  };
  const stream = callTarget({ invoker, clock: time.clock() }, call);
  stream.catch(() => undefined);
  return { time, serving, caller, answers, stream };
}

/** All events of an answer, and when its end or its failure came. */
async function read(begun: Promise<TargetStream>, time: VirtualTime) {
  const events: ModelEvent[] = [];
  try {
    const stream = await begun;
    for (let event = await stream.next(); event !== undefined; event = await stream.next())
      events.push(event);
    return { events, firstContentMs: stream.firstContentMs, atMs: time.elapsedMs };
  } catch (failure) {
    return { events, failure, atMs: time.elapsedMs };
  }
}

async function outcome({ time, stream }: ReturnType<typeof calling>) {
  const reading = read(stream, time);
  await time.run(400_000);
  const result = await reading;
  const { failure } = result;
  return { ...result, signal: failure instanceof UpstreamFailure ? failure.signal : failure };
}

describe('a simulated answer, as the gateway reads it', () => {
  const whole: ServingPlan = [
    { afterMs: 120, does: writes(1) },
    { afterMs: 200, does: writes(9) },
    { afterMs: 250, does: finishes },
  ];

  it('is whole: its content as it is written, its end, and what it used', async () => {
    const call = calling(whole);
    const { events, firstContentMs, atMs } = await outcome(call);
    expect(firstContentMs).toBe(120);
    expect(atMs).toBe(250);
    expect(events).toEqual([
      { type: 'message-start' },
      { type: 'text-delta', index: 0, text: textOfTokens(1) },
      { type: 'text-delta', index: 0, text: textOfTokens(9) },
      { type: 'block-stop', index: 0 },
      { type: 'message-stop', stopReason: 'end_turn' },
      { type: 'usage', usage: { inputTokens: 100, outputTokens: 10 } },
    ]);
    expect(call.answers.map(({ writtenTokens }) => writtenTokens)).toEqual([10]);
    expect(call.serving.calls[0]?.aborts).toBe(0);
  });

  it('says that it was stopped where it would have been longer than the call allows', async () => {
    const { events } = await outcome(calling(whole, { outputTokens: 11, maxTokens: 10 }));
    expect(events).toContainEqual({ type: 'message-stop', stopReason: 'max_tokens' });
  });

  it.each([
    ['bedrock-runtime', aTarget()],
    ['sagemaker-runtime', aDedicatedTarget()],
  ])('fails before it begins as %s answers with an error', async (service, target) => {
    const { events, signal, atMs } = await outcome(
      calling([{ afterMs: 30, does: fails(throttled) }], { target }),
    );
    expect(signal).toEqual({ ...throttled, service, phase: 'before' });
    expect([events, atMs]).toEqual([[], 30]);
  });

  it('is cut: all that was written, and then the failure, inside the stream', async () => {
    const cut = [
      { afterMs: 10, does: writes(1) },
      { afterMs: 20, does: writes(4) },
      { afterMs: 20, does: fails(reset) },
    ];
    const call = calling(cut);
    const { events, signal, atMs } = await outcome(call);
    expect(events.map(({ type }) => type)).toEqual(['message-start', 'text-delta', 'text-delta']);
    expect(signal).toMatchObject({ ...reset, phase: 'in-stream' });
    expect(atMs).toBe(20);
    expect(call.answers[0]?.writtenTokens).toBe(5);
  });

  it.each([
    ['never begins', [], 'first-content', 10_000],
    ['stalls', [{ afterMs: 40, does: writes(1) }], 'between-tokens', 15_040],
  ] as const)(
    'that %s is given up at the gateway’s own deadline, and served no longer',
    async (_, plan, deadline, ms) => {
      const call = calling(plan);
      const { signal, atMs } = await outcome(call);
      expect(signal).toMatchObject({ kind: 'timeout', deadline });
      expect(atMs).toBe(ms);
      expect(call.serving.calls[0]?.aborts).toBe(1);
    },
  );

  it.each([
    ['before it begins', 50],
    ['in the middle', 150],
  ])('ends when its caller leaves %s: nothing more is written', async (_, leavesMs) => {
    const call = calling(whole);
    call.time.after(leavesMs, () => call.caller.abort());
    const { signal, atMs } = await outcome(call);
    expect(signal).toBeInstanceOf(CallerLeft);
    expect(atMs).toBe(leavesMs);
    expect(call.serving.calls[0]?.aborts).toBe(1);
    expect(call.answers[0]?.writtenTokens).toBe(leavesMs < 120 ? 0 : 1);
  });

  it('is served no longer once its reader has closed it, and is not told twice', async () => {
    const call = calling(whole);
    await call.time.run(150);
    const stream = await call.stream;
    stream.close();
    stream.close();
    call.caller.abort();
    await call.time.run();
    expect(call.serving.calls[0]?.aborts).toBe(1);
    expect(call.answers[0]?.writtenTokens).toBe(1);
  });

  it('is not touched by a caller who leaves after its end', async () => {
    const call = calling(whole);
    await outcome(call);
    call.caller.abort();
    expect(call.serving.calls[0]?.aborts).toBe(0);
  });
});
