import { describe, expect, it } from 'vitest';
import { createMemoryChainHeadStore } from '#adapters/memory/memory-chain-head-store.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { genesis } from '#core/audit/chain.ts';
import { chainName } from '#test/builders/a-chain.ts';
import { aWitness } from '#test/builders/a-witness.ts';
import { readRoots } from '#usecases/audit/read-roots.ts';
import { witnessChain, witnessChains } from '#usecases/audit/witness-chain.ts';

const HOUR_MS = 3_600_000;
const none = genesis(chainName, cryptoDigest.sha256Hex);

function aWatchedChain() {
  let now = Date.UTC(2026, 10, 21, 9);
  const clock = { now: () => now };
  const heads = createMemoryChainHeadStore();
  const witness = aWitness(clock);
  const told: string[] = [];
  const log = { write: (_level: string, event: string) => void told.push(event) };
  const services = { signer: witness.signer, clock, log };
  return {
    ...{ witness, heads, told, services },
    later: (hours: number) => {
      now += hours * HOUR_MS;
    },
    at: async (sequence: number) => {
      const hash = cryptoDigest.sha256Hex(String(sequence));
      await heads.move((await heads.load()) ?? none, { sequence, hash, segment: sequence });
    },
    run: () => witnessChain({ chain: chainName, heads, roots: witness.roots }, services),
    sequences: async () =>
      (await readRoots(chainName, witness.source)).signed.map(({ root }) => root.sequence),
  };
}

describe('the witness of a chain', () => {
  it('signs the first head that it sees, and then once a day, also where nothing came', async () => {
    const watched = aWatchedChain();
    expect(await watched.run()).toBe('empty');
    await watched.at(5);
    expect(await watched.run()).toBe('signed');
    await watched.at(6);
    for (let hour = 0; hour < 22; hour += 1) {
      watched.later(1);
      expect(await watched.run()).toBe('fresh');
    }
    watched.later(1);
    expect(await watched.run()).toBe('signed');
    watched.later(24);
    expect(await watched.run()).toBe('signed');
    expect(await watched.sequences()).toEqual([5, 6, 6]);
  });

  it('signs sooner where ten thousand were sealed since', async () => {
    const watched = aWatchedChain();
    await watched.at(1);
    await watched.run();
    await watched.at(10_000);
    expect(await watched.run()).toBe('fresh');
    await watched.at(10_001);
    expect(await watched.run()).toBe('signed');
  });

  it('signs nothing where the head went back or away, and says so', async () => {
    const watched = aWatchedChain();
    await watched.at(9);
    await watched.run();
    watched.later(48);
    await watched.at(3);
    await expect(watched.run()).rejects.toThrow(/signed up to record 9, and its head says 3/);
    expect(watched.told).toContain('audit-root-ahead');
    const gone = { chain: chainName, heads: createMemoryChainHeadStore(), roots: watched.witness.roots };
    await expect(witnessChain(gone, watched.services)).rejects.toThrow(/its head says 0/);
    expect(await watched.sequences()).toEqual([9]);
  });

  it('looks at every chain, and tells of each that failed', async () => {
    const { witness, heads, services, at } = aWatchedChain();
    await at(2);
    const refusing = {
      load: () => Promise.reject(new Error('no table there')),
    };
    const chains = [
      { chain: 'acme/1/away', heads: refusing, roots: aWitness(services.clock).roots },
      { chain: chainName, heads, roots: witness.roots },
    ];
    await expect(witnessChains(chains, services)).rejects.toThrow(
      /1 of 2 chains were not witnessed: acme\/1\/away: no table there/,
    );
    expect((await readRoots(chainName, witness.source)).signed).toHaveLength(1);
    expect(await witnessChains(chains.slice(1), services)).toEqual({ signed: 0, fresh: 1, empty: 0 });
  });
});
