import { describe, expect, it } from 'vitest';
import { answerPrompt } from '#local/world/answers/answer.ts';
import { type Service, Serving } from '#local/world/answers/serving.ts';
import { countTokens } from '#local/world/answers/tokens.ts';
import { MIDDLE_ENGINE } from '#serving-model/engine.ts';

const answer = answerPrompt({
  prompt: {
    system: [],
    turns: [{ role: 'user', parts: [{ kind: 'text', text: 'Write 60 words on rivers' }] }],
    tools: [],
    toolChoice: { kind: 'auto' },
  },
  model: 'm',
  region: 'r',
  outputTokensMax: 500,
  stopSequences: [],
});

function service(more: Partial<Service> = {}): Service {
  return { key: 'k', slots: 1, inputTokens: 10, answer, signal: new AbortController().signal, ...more };
}

const instant = () => new Serving({ engine: MIDDLE_ENGINE, timeScale: 0 });

describe('Serving', () => {
  it('streams the whole answer in chunks whose tokens add up to the output tokens', async () => {
    const texts: string[] = [];
    for await (const { text } of instant().stream(service())) texts.push(text);
    expect(texts.join('')).toBe(answer.blocks.flatMap((block) => block.tokens).join(''));
    expect(texts.reduce((total, text) => total + countTokens(text), 0)).toBe(answer.outputTokens);
    expect(texts.length).toBeGreaterThan(10);
  });

  it('makes a request wait until the one that has the slot is done', async () => {
    const serving = instant();
    const order: string[] = [];
    const first = serving.stream(service());
    await first.next();
    const second = serving.complete(service()).then(() => order.push('second'));
    for await (const _ of first) order.push('first');
    await second;
    expect(order.at(-1)).toBe('second');
    expect(order.length).toBeGreaterThan(5);
  });

  it('frees the slot when a reader stops early', async () => {
    const serving = instant();
    for await (const _ of serving.stream(service())) break;
    await serving.complete(service());
  });

  it('stops generating without an error when the caller goes away, also one who waits in line', async () => {
    const serving = new Serving({ engine: MIDDLE_ENGINE, timeScale: 1_000 });
    const caller = new AbortController();
    const running = serving.stream(service({ signal: caller.signal }));
    const next = running.next();
    const waiting = serving.complete(service({ signal: caller.signal }));
    caller.abort();
    expect((await next).done).toBe(true);
    await waiting;
  });

  it('takes the time of the engine model, scaled', async () => {
    const serving = new Serving({
      engine: { ...MIDDLE_ENGINE, overheadMs: 1_000, outputTokenMs: 0 },
      timeScale: 0.05,
    });
    const before = performance.now();
    await serving.complete(service());
    expect(performance.now() - before).toBeGreaterThanOrEqual(49);
    expect(serving.coldStartMs).toBe(MIDDLE_ENGINE.coldStartMs * 0.05);
  });

  it('takes the time of the engine that a request names', async () => {
    const serving = new Serving({ engine: { ...MIDDLE_ENGINE, overheadMs: 60_000 }, timeScale: 1 });
    const before = performance.now();
    const quick = { ...MIDDLE_ENGINE, overheadMs: 40, outputTokenMs: 0 };
    await serving.complete(service({ engine: quick }));
    expect(performance.now() - before).toBeGreaterThanOrEqual(39);
  });

  it('makes a token longer by those that share its batch, not by those of another copy', async () => {
    const engine = {
      ...MIDDLE_ENGINE,
      overheadMs: 0,
      prefillTokensPerSecond: 1e9,
      outputTokenMs: 2,
      batchKnee: 1,
    };
    const last: string[] = [];
    const serving = new Serving({ engine, timeScale: 1 });
    const four = (copies: number) =>
      Array.from({ length: 4 }, () => serving.complete(service({ key: `${copies}`, slots: 4, copies })));
    await Promise.race([
      Promise.all(four(4)).then(() => last.push('apart')),
      Promise.all(four(1)).then(() => last.push('together')),
    ]);
    expect(last).toEqual(['apart']);
  });
});
