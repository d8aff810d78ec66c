import { describe, expect, it } from 'vitest';
import { VirtualTime } from '#simulator/engine/virtual-time.ts';
import { type SentCall, SimulatedInvoker } from '#simulator/world/simulated-invoker.ts';
import { aSimulatedRequest } from '#test/builders/judged-history.ts';
import { chatRequest, modelCall } from '#test/builders/model-call.ts';
import { PlannedServing } from '#test/builders/planned-serving.ts';

function anInvoker() {
  const time = new VirtualTime(0);
  const serving = new PlannedServing(time);
  const sent: SentCall[] = [];
  const asked = aSimulatedRequest({ inputTokens: 123, outputTokens: 45 });
  const request = chatRequest();
  const [message] = request.messages;
  const callers = new WeakMap(message === undefined ? [] : [[message, asked]]);
  const onSent = (call: SentCall) => void sent.push(call);
  const invoker = new SimulatedInvoker({ gateway: 'eu-west-1', world: serving, callers, onSent });
  return { time, serving, sent, asked, request, invoker };
}

describe('a simulated invoker', () => {
  it('has a caller’s call served by what that caller asked for, and tells judges whose it is', async () => {
    const { time, serving, sent, asked, request, invoker } = anInvoker();
    let left = 0;
    const call = modelCall({ request, onSent: () => (left += 1) });
    const answering = invoker.converse(call);
    const { target, maxTokens } = call;
    expect(serving.calls).toMatchObject([{ target, inputTokens: 123, outputTokens: 45, maxTokens }]);
    expect(sent).toMatchObject([{ target, gateway: 'eu-west-1', isWakeUp: false }]);
    expect(sent[0]?.request).toBe(asked);
    expect(left).toBe(1);
    await time.run();
    expect(await answering).toBe(sent[0]?.answer);
    expect(sent[0]?.answer.writtenTokens).toBe(45);
  });

  it('knows a call that is nobody’s, and one that only wakes its target', () => {
    const { sent, serving, request, invoker } = anInvoker();
    void invoker.converse(modelCall());
    void invoker.converse(modelCall({ request, maxTokens: 1 }));
    expect(sent[0]?.request).toBeUndefined();
    expect(sent.map(({ isWakeUp }) => isWakeUp)).toEqual([false, true]);
    expect(serving.calls[0]).toMatchObject({ inputTokens: 8, outputTokens: 1 });
  });

  it('sends nothing for a caller who has gone already', async () => {
    const { sent, serving, invoker } = anInvoker();
    const reason = new Error('gone');
    await expect(invoker.converse(modelCall({ signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
    expect([sent.length, serving.calls.length]).toEqual([0, 0]);
  });

  it('refuses what the world does not have, by name', () => {
    const { invoker } = anInvoker();
    const call = modelCall();
    expect(() => invoker.embed(call)).toThrow(`no embeddings, and ${call.target.id}`);
    expect(() => invoker.countTokens(call)).toThrow(`counts no tokens, and ${call.target.id}`);
  });
});
