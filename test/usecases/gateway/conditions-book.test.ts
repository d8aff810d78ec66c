import { describe, expect, it } from 'vitest';
import { classifyFailure } from '#core/failures/classify-failure.ts';
import { aStartedGateway } from '#test/builders/a-gateway.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { answering, aSignal } from '#test/builders/scripted-invoker.ts';
import { createConditionsBook } from '#usecases/gateway/conditions-book.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });

const world = (targets = [east, west], leap = true) => aStartedGateway(targets, { leap });

describe('health', () => {
  it('leaves a failing target within ten requests, then asks it again and lets it return', async () => {
    const { chat, invoker, clock } = await world();
    invoker.script(east.id, {
      failsBefore: aSignal({ errorName: 'InternalServerException', httpStatus: 500 }),
    });
    for (let index = 0; index < 20; index += 1) expect((await chat()).status).toBe(200);
    expect(invoker.calls.filter(({ target }) => target === east.id).length).toBeLessThanOrEqual(10);
    invoker.script(east.id, answering());
    clock.advance(5000);
    expect((await chat()).headers.get('x-spillway-target')).toBe(east.id);
    clock.advance(10_000);
    await chat();
    expect((await chat()).headers.get('x-spillway-target')).toBe(east.id);
  });

  it('asks the last lawful target for every request, however sick it is', async () => {
    const { chat, invoker } = await world([east]);
    invoker.script(east.id, { failsBefore: aSignal({ kind: 'connect' }) });
    for (let index = 0; index < 12; index += 1) expect((await chat()).status).toBe(502);
    invoker.script(east.id, answering());
    expect((await chat()).status).toBe(200);
    expect(invoker.calls).toHaveLength(13);
  });

  it('tells the control plane of a target’s own fault once, and of nothing else', async () => {
    const { chat, invoker, routes } = await world();
    invoker.script(east.id, {
      failsBefore: aSignal({ errorName: 'AccessDeniedException', httpStatus: 403 }),
    });
    invoker.script(west.id, { failsBefore: aSignal({ kind: 'connect' }) });
    await chat();
    expect(await routes.loadSignals()).toMatchObject([
      {
        target: east.id,
        gatewayRegion: 'us-east-1',
        outcome: 'access-denied',
        errorName: 'AccessDeniedException',
      },
    ]);
  });

  it('finds the one healthy target among many dark ones, for the first fifty requests of a cold gateway', async () => {
    const dark = Array.from({ length: 7 }, (_, index) =>
      aTarget({ account: `11111111111${index}`, region: index % 2 === 0 ? 'us-east-2' : 'us-east-1' }),
    );
    const { chat, invoker } = await world([...dark, west]);
    for (const { id } of dark) invoker.script(id, { afterMs: 5, failsBefore: aSignal({ kind: 'connect' }) });
    const responses = await Promise.all(Array.from({ length: 50 }, () => chat()));
    expect(responses.map(({ status }) => status).filter((status) => status !== 200)).toEqual([]);
  });
});

describe('retries', () => {
  it('of all requests stay inside their one budget while every target fails', async () => {
    const { chat, invoker } = await world();
    const failing = { failsBefore: aSignal({ errorName: 'InternalServerException', httpStatus: 500 }) };
    for (const { id } of [east, west]) invoker.script(id, failing);
    for (let index = 0; index < 200; index += 1) await chat();
    // At one instant: a tenth of two hundred, ten seconds of one a second, and the first, before anything had failed.
    expect(invoker.calls.length).toBeGreaterThan(200);
    expect(invoker.calls.length).toBeLessThanOrEqual(200 + 20 + 10 + 1);
  });
});

describe('a throttled quota pool', () => {
  const pool = east.quotaPool;
  const throttle = classifyFailure(aSignal({ errorName: 'ThrottlingException', httpStatus: 429 }));
  const answer = { firstContentMs: 100, peers: [] };

  it('rests longer with each throttle in a row, up to ten seconds, until it answers', () => {
    const book = createConditionsBook({ next: () => 0.5 });
    let at = 1_000_000;
    const restMs = () => {
      book.failed(east, throttle, { at });
      const until = book.view().resting.get(pool) ?? at;
      const rested = until - at;
      at = until;
      return rested;
    };
    expect([restMs(), restMs(), restMs(), restMs(), restMs(), restMs()]).toEqual([
      500, 1000, 2000, 4000, 5000, 5000,
    ]);
    book.answered(east, { at: at - 1, ...answer });
    expect(restMs()).toBe(5000);
    book.answered(east, { at, ...answer });
    expect(restMs()).toBe(500);
  });

  it('takes the throttles of one burst for one', () => {
    const book = createConditionsBook({ next: () => 0.5 });
    for (let call = 0; call < 50; call += 1) book.failed(east, throttle, { at: 1_000_000 + call });
    expect(book.view().resting.get(pool)).toBe(1_000_500);
  });
});
