import { describe, expect, it } from 'vitest';
import type { ModelEvent } from '#core/chat/model-event.ts';
import { aChatRequest } from '#test/builders/a-chat-request.ts';
import { aTarget } from '#test/builders/a-target.ts';
import {
  answering,
  createScriptedInvoker,
  type Script,
  textEvents,
} from '#test/builders/scripted-invoker.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { CallerLeft } from '#usecases/gateway/call-guard.ts';
import { callTarget, type TargetStream } from '#usecases/gateway/call-target.ts';
import { UpstreamFailure } from '#usecases/ports/model-invoker.ts';

const deadlines = { connectMs: 1000, firstContentMs: 10_000, betweenTokensMs: 15_000, totalMs: 300_000 };

function calling(script: Script, changes: Partial<typeof deadlines> = {}) {
  const clock = createVirtualClock(0);
  const invoker = createScriptedInvoker(clock);
  invoker.script(aTarget().id, script);
  const caller = new AbortController();
  const stream = callTarget(
    { clock, invoker },
    {
      target: aTarget(),
      request: aChatRequest(),
      maxTokens: 10,
      deadlines: { ...deadlines, ...changes },
      callerSignal: caller.signal,
    },
  );
  return { clock, invoker, caller, stream };
}

async function drained(stream: TargetStream): Promise<readonly ModelEvent[]> {
  const events: ModelEvent[] = [];
  for (let event = await stream.next(); event !== undefined; event = await stream.next()) events.push(event);
  return events;
}

async function failureOf(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof UpstreamFailure ? error.signal : error;
}

describe('a call', () => {
  it('gives every event in order, those before the first content too', async () => {
    const { stream } = calling({ ...answering(), betweenMs: 10 });
    const begun = await stream;
    expect(begun.firstContentMs).toBe(20);
    expect((await drained(begun)).map(({ type }) => type)).toEqual([
      'message-start',
      'text-delta',
      'text-delta',
      'block-stop',
      'message-stop',
      'usage',
    ]);
  });

  it('leaves a good upstream alone: its connection can be used again', async () => {
    const { stream, invoker } = calling(answering());
    await drained(await stream);
    expect(invoker.calls[0]?.aborted).toBe(false);
  });

  it.each([
    ['ends without content', { events: [{ type: 'message-start' }] }, { kind: 'incomplete' }],
    ['hangs before its head', { hangs: 'before' }, { kind: 'timeout', deadline: 'first-content' }],
    [
      'hangs before its content',
      { events: [{ type: 'message-start' }], hangs: 'after-events' },
      { kind: 'timeout', deadline: 'first-content' },
    ],
    [
      'never says anything',
      { events: Array.from({ length: 1001 }, () => ({ type: 'message-start' as const })) },
      { kind: 'malformed' },
    ],
  ] as const)('that %s fails', async (_, script, signal) => {
    const { stream, invoker } = calling(script);
    expect(await failureOf(stream)).toMatchObject(signal);
    expect(invoker.calls[0]?.aborted).toBe(true);
  });

  it.each([
    ['ends without its stop', { events: textEvents(['a']) }, { kind: 'incomplete', phase: 'in-stream' }],
    [
      'stalls',
      { events: textEvents(['a']), hangs: 'after-events' },
      { kind: 'timeout', deadline: 'between-tokens' },
    ],
    [
      'takes too long in all',
      { events: textEvents(Array.from({ length: 100 }, () => 'a')), betweenMs: 4000 },
      { kind: 'timeout', deadline: 'total' },
    ],
  ] as const)('that %s in the middle fails after what came', async (_, script, signal) => {
    const { stream, invoker } = calling(script);
    const begun = await stream;
    expect(await begun.next()).toEqual({ type: 'message-start' });
    expect(await failureOf(drained(begun))).toMatchObject(signal);
    expect(invoker.calls[0]?.aborted).toBe(true);
  });

  it('whose adapter throws something of its own counts as unreadable, with the cause kept', async () => {
    const clock = createVirtualClock(0);
    const defect = new TypeError('x is not a function');
    const invoker = { ...createScriptedInvoker(clock), converse: () => Promise.reject(defect) };
    const call = {
      target: aTarget(),
      request: aChatRequest(),
      maxTokens: 1,
      deadlines,
      callerSignal: new AbortController().signal,
    };
    const error = await callTarget({ clock, invoker }, call).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ signal: { kind: 'malformed' }, cause: defect });
  });
});

describe('a caller that leaves', () => {
  it('ends the call, whatever the adapter does with its signal', async () => {
    const clock = createVirtualClock(0, { leap: false });
    const caller = new AbortController();
    const invoker = {
      ...createScriptedInvoker(clock),
      converse: () => new Promise<never>(() => undefined),
    };
    const stream = callTarget(
      { clock, invoker },
      { target: aTarget(), request: aChatRequest(), maxTokens: 1, deadlines, callerSignal: caller.signal },
    );
    caller.abort();
    await expect(stream).rejects.toBeInstanceOf(CallerLeft);
  });

  it('and had left before it is not called for at all', async () => {
    const { invoker, clock } = calling(answering());
    const call = {
      target: aTarget(),
      request: aChatRequest(),
      maxTokens: 1,
      deadlines,
      callerSignal: AbortSignal.abort(),
    };
    const sent = invoker.calls.length;
    await expect(callTarget({ clock, invoker }, call)).rejects.toBeInstanceOf(CallerLeft);
    expect(invoker.calls).toHaveLength(sent);
  });
});
