/** The proof that slots are kept to is worth what it finds: each mutant of the shipped code must be found out by it. */
import { describe, expect, it } from 'vitest';
import { loadMutants, proveWith, slotsProof } from '#test/mutants/mutant-runner.ts';
import { slotsExitCodes } from '#test/mutants/proof-exit-codes.ts';

/** Seed and requests. */
const proof = ['mutants', '200'];

/** What each way to break it ends in. */
const found: Readonly<Record<string, keyof typeof slotsExitCodes>> = {
  'lane-ignored': 'lane',
  'lease-not-released-on-abort': 'leaked',
  'lease-not-released-with-stream': 'leaked',
  // Before there are more calls than slots, there are more than a lane may see.
  'lease-not-renewed': 'lane',
  'slots-not-leased': 'overshoot',
};

const mutants = await loadMutants(slotsProof);

describe('the proof of slots', { timeout: 90_000 }, () => {
  it('has a mutant for every way to break it that it knows, and knows every mutant', () => {
    expect(mutants.map(({ name }) => name)).toEqual(Object.keys(found));
    for (const { name, breaks } of mutants) expect(breaks, name).toMatch(/^[A-Z].{20,}\.$/);
  });

  it.concurrent('holds where nothing was done', async () => {
    const { exitCode, stdout, stderr } = await proveWith(undefined, proof, slotsProof);
    expect(exitCode, `${stdout}\n${stderr}`).toBe(slotsExitCodes.held);
  });

  it.concurrent.each(mutants)('finds $name', async (mutant) => {
    const { exitCode, stdout, stderr } = await proveWith(mutant, proof, slotsProof);
    const expected = slotsExitCodes[found[mutant.name] ?? 'held'];
    expect(exitCode, `${mutant.breaks}\n${stdout}\n${stderr}`).toBe(expected);
  });
});
