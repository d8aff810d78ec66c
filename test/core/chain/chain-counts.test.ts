import { describe, expect, it } from 'vitest';
import {
  addChains,
  type ChainCounts,
  modelsForetold,
  noChains,
  withChain,
  withModel,
} from '#core/chain/chain-counts.ts';
import { createSeededRandom } from '#core/units/random.ts';

const trust = { chainsMin: 3, shareMin: 0.5 };

function counted(chains: readonly (readonly string[])[], from = noChains): ChainCounts {
  return chains.reduce((counts, models) => models.reduce(withModel, withChain(counts)), from);
}

const times = <Value>(count: number, value: Value): readonly Value[] =>
  Array.from({ length: count }, () => value);

describe('what is foretold', () => {
  it('is nothing before enough chains were seen, then what half of them called', () => {
    expect(modelsForetold(counted(times(2, ['write'])), trust)).toEqual([]);
    expect(modelsForetold(counted([['write'], [], ['write', 'embed']]), trust)).toEqual(['write']);
  });

  it('stands in one order: the likeliest first, then by name', () => {
    const counts = counted([['b', 'a', 'c'], ['a', 'b', 'c'], ['c']]);
    expect(modelsForetold(counts, trust)).toEqual(['c', 'a', 'b']);
  });

  it('follows what an application does now within 64 chains', () => {
    const old = counted(times(500, ['old']));
    const now = counted(times(64, ['new']), old);
    expect(modelsForetold(now, trust)).toEqual(['new']);
  });

  it('is a share of the chains however many are under way at once', () => {
    const random = createSeededRandom(7);
    let counts = noChains;
    const underWay: string[][] = [];
    for (let chain = 0; chain < 2_000; chain += 1) {
      counts = withChain(counts);
      underWay.push(random.next() < 0.8 ? ['write'] : []);
      if (underWay.length > 40) counts = (underWay.shift() ?? []).reduce(withModel, counts);
      expect(counts.chains).toBeLessThan(64);
    }
    expect((counts.byModel.get('write') ?? 0) / counts.chains).toBeGreaterThan(0.55);
  });

  it('is bounded where only calls are told, and the chains’ beginnings never', () => {
    const calls = times(1_000, 'write').reduce(withModel, noChains);
    expect([calls.chains, calls.byModel.get('write')]).toEqual([0, 128]);
    expect(modelsForetold(calls, trust)).toEqual([]);
  });

  it('of two counts is halved as often as it takes', () => {
    const most = {
      chains: 63,
      byModel: new Map([
        ['write', 60],
        ['rare', 1],
      ]),
    };
    expect(addChains(most, { chains: 130, byModel: new Map([['write', 100]]) })).toEqual({
      chains: 48,
      byModel: new Map([['write', 32]]),
    });
  });

  it('forgets models that no chain calls any more', () => {
    const counts = counted(times(500, ['new']), counted(times(10, ['old'])));
    expect([...counts.byModel.keys()]).toEqual(['new']);
  });
});
