import { describe, expect, it } from 'vitest';
import type { EmbeddingRequest } from '#core/embedding/embedding-request.ts';
import { DIMENSIONS_DIFFER } from '#core/failures/failure-table.ts';
import { aChatRequest } from '#test/builders/a-chat-request.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { anEmbeddingRequest } from '#test/builders/an-embedding-request.ts';
import { aSignal, createScriptedInvoker, type Script } from '#test/builders/scripted-invoker.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { CallerLeft } from '#usecases/gateway/call-guard.ts';
import { countWithTarget, embedWithTarget } from '#usecases/gateway/exchange-with-target.ts';

const deadlines = { connectMs: 1000, firstContentMs: 10_000, betweenTokensMs: 15_000, totalMs: 300_000 };
const titan = aTarget({ modelId: 'amazon.titan-embed-text-v2:0' });
const letters = (count: number) => Array.from({ length: count }, (_, index) => 'x'.repeat(index + 1));

function world(scripts: readonly Script[], target = titan) {
  const clock = createVirtualClock(0);
  const invoker = createScriptedInvoker(clock);
  invoker.script(target.id, ...scripts);
  const caller = new AbortController();
  const call = { target, deadlines, callerSignal: caller.signal };
  const embed = (changes: Partial<EmbeddingRequest>) =>
    embedWithTarget({ clock, invoker }, { ...call, request: anEmbeddingRequest(changes) });
  const count = () => countWithTarget({ clock, invoker }, { ...call, request: aChatRequest() });
  return { clock, invoker, caller, embed, count };
}

describe('vectors of many texts', () => {
  it('come in the order of the texts, whichever call ends first', async () => {
    const { embed, invoker } = world([{ afterMs: 50 }, { afterMs: 10 }, { afterMs: 30 }, {}]);
    const { answer, firstAnswerMs } = await embed({ texts: letters(20) });
    expect(firstAnswerMs).toBe(0);
    expect(answer.embeddings.map(([length]) => length)).toEqual(letters(20).map(({ length }) => length));
    expect(answer.inputTokens).toBe(20);
    expect(invoker.calls).toHaveLength(20);
  });

  it('are asked for at most eight calls at a time, as many texts in each as the target takes', async () => {
    const { embed, invoker, caller } = world([{ hangs: 'before' }]);
    const hanging = embed({ texts: letters(20) });
    await Promise.resolve();
    expect(invoker.calls).toHaveLength(8);
    caller.abort();
    await expect(hanging).rejects.toBeInstanceOf(CallerLeft);
    const container = world([{}], aDedicatedTarget());
    await container.embed({ texts: letters(130) });
    expect(
      container.invoker.calls.map(({ call }) => 'texts' in call.request && call.request.texts.length),
    ).toEqual([64, 64, 2]);
  });

  it('are all or none: one failure ends the calls beside it', async () => {
    const failing = { failsBefore: aSignal({ errorName: 'ThrottlingException' }), afterMs: 5 };
    const { embed, invoker } = world([{ afterMs: 60_000 }, failing, { afterMs: 60_000 }]);
    await expect(embed({ texts: letters(3) })).rejects.toMatchObject({
      signal: { errorName: 'ThrottlingException' },
    });
    expect(invoker.calls.map(({ aborted }) => aborted)).toEqual([true, true, true]);
  });

  it('have the time of a first content for each answer, not for all together', async () => {
    const { embed } = world([{ afterMs: 9000 }]);
    const { answer, firstAnswerMs } = await embed({ texts: letters(40) });
    expect([answer.embeddings.length, firstAnswerMs]).toEqual([40, 9000]);
    const slow = world([{ afterMs: 11_000 }]);
    await expect(slow.embed({ texts: ['a'] })).rejects.toMatchObject({
      signal: { kind: 'timeout', deadline: 'first-content' },
    });
  });

  it('have no count where one call told none', async () => {
    const { embed } = world([{ embedding: { embeddings: [[1, 2, 3, 4]], inputTokens: undefined } }, {}]);
    expect((await embed({ texts: letters(2) })).answer.inputTokens).toBeUndefined();
  });
});

describe('vectors that would poison an index', () => {
  const answering = (embeddings: readonly (readonly number[])[]) => [
    { embedding: { embeddings, inputTokens: 1 } },
  ];

  it.each([
    ['none', []],
    ['too many', [[1], [2]]],
    ['empty', [[]]],
  ])('are no answer: %s', async (_, embeddings) => {
    const { embed } = world(answering(embeddings));
    await expect(embed({})).rejects.toMatchObject({ signal: { kind: 'malformed' } });
  });

  it('of another length than asked for say what the target cannot do', async () => {
    const { embed } = world(answering([[1, 2]]));
    await expect(embed({ dimensions: 3 })).rejects.toMatchObject({
      signal: { errorName: DIMENSIONS_DIFFER },
    });
  });
});

describe('a count', () => {
  it('is one call', async () => {
    const { count, invoker } = world([{ inputTokens: 42 }]);
    expect(await count()).toBe(42);
    expect(invoker.calls).toHaveLength(1);
  });

  it('is not asked for by a caller that has left', async () => {
    const { count, caller, invoker } = world([{}]);
    caller.abort();
    await expect(count()).rejects.toBeInstanceOf(CallerLeft);
    expect(invoker.calls).toEqual([]);
  });
});
