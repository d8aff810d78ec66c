import { describe, expect, it } from 'vitest';
import type { PlannedStep } from '#simulator/arrivals/chain-plan.ts';
import { createChainSource } from '#simulator/arrivals/chain-source.ts';
import { arrivalsOf } from '#test/builders/arrivals-of.ts';

const step = (parents: readonly number[], pauseMs = 0): PlannedStep => ({
  model: 'm',
  inputTokens: 1,
  outputTokens: 1,
  parents,
  pauseMs,
});

/** Two ways at one time, and a join. */
const diamond = [step([]), step([0], 10), step([0], 20), step([1, 2], 5)];

function sourceOf(starts: readonly number[], steps: readonly PlannedStep[] = diamond) {
  const left = [...starts];
  return createChainSource({
    name: 'chains',
    region: 'eu-central-1',
    tenant: 'acme',
    starts: () => left.shift() ?? Number.POSITIVE_INFINITY,
    plan: () => ({ steps }),
  });
}

describe('chains', () => {
  it('give a step when all that it waits for has ended and its pause is over', () => {
    const source = sourceOf([100]);
    const told = arrivalsOf(source, ({ step: number }) => (number === 1 ? 100 : 1));
    expect(told.map(({ step: number, atMs }) => [number, atMs])).toEqual([
      [0, 100],
      [1, 111],
      [2, 121],
      [3, 216],
    ]);
    expect(told[0]).toMatchObject({ chain: 'chains/0', region: 'eu-central-1', tenant: 'acme' });
    expect(source.openChains()).toBe(0);
  });

  it('begin by the clock, however long the answers take', () => {
    const source = sourceOf([0, 10, 20]);
    const begun = [source.next(), source.next(), source.next(), source.next()];
    expect(begun.map((arrival) => [arrival?.chain, arrival?.atMs])).toEqual([
      ['chains/0', 0],
      ['chains/1', 10],
      ['chains/2', 20],
      [undefined, undefined],
    ]);
    expect(source.nextMs()).toBe(Number.POSITIVE_INFINITY);
    source.ended('chains/1', 0, 500);
    expect(source.nextMs()).toBe(510);
  });

  it('forget what was given up, also what was due', () => {
    const source = sourceOf([0]);
    source.next();
    source.ended('chains/0', 0, 1);
    expect(source.nextMs()).toBe(11);
    source.abandoned('chains/0');
    expect([source.nextMs(), source.next(), source.openChains()]).toEqual([
      Number.POSITIVE_INFINITY,
      undefined,
      0,
    ]);
    source.ended('another/0', 0, 1);
  });

  it('ask for the blocks of a prompt when it is due, not before', () => {
    const asked: number[] = [];
    const blocks = (number: number) => () => {
      asked.push(number);
      return [number];
    };
    const source = sourceOf(
      [0],
      [
        { ...step([]), prefixBlocks: blocks(0) },
        { ...step([0]), prefixBlocks: blocks(1) },
      ],
    );
    expect(source.next()?.prefixBlocks).toEqual([0]);
    expect(asked).toEqual([0]);
  });
});
