/** A replay is worth what it finds: each change to what is decided must bring a recorded decision out otherwise. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadMutants, type ProofRun, proveWith, replayProof } from '#test/mutants/mutant-runner.ts';
import { replayExitCodes } from '#test/mutants/proof-exit-codes.ts';

const runMsMax = 90_000;
const mutants = await loadMutants(replayProof);
let folder: string;
let proof: readonly string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-replay-'));
  const recorded = ['5', '1500', join(folder, 'decisions.json')];
  const run = await proveWith(undefined, ['record', ...recorded], replayProof);
  expect(run.exitCode, told(run)).toBe(replayExitCodes.held);
  proof = ['replay', ...recorded];
}, runMsMax);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const told = ({ exitCode, stdout, stderr }: ProofRun): string =>
  `exit code ${exitCode}\n${stdout}\n${stderr}`;

describe('the replay of recorded decisions', { timeout: runMsMax }, () => {
  it('knows at least seven ways to decide otherwise', () => {
    expect(mutants.length).toBeGreaterThanOrEqual(7);
    for (const { name, breaks } of mutants) expect(breaks, name).toMatch(/^[A-Z].{20,}\.$/);
  });

  it.concurrent('holds where nothing was done', async () => {
    const run = await proveWith(undefined, proof, replayProof);
    expect(run.exitCode, told(run)).toBe(replayExitCodes.held);
    expect(JSON.parse(run.stdout)).toMatchObject({ decisions: 1500, differences: 0 });
  });

  it.concurrent.each(mutants)('finds $name', async (mutant) => {
    const run = await proveWith(mutant, proof, replayProof);
    expect(run.exitCode, `${mutant.breaks}\n${told(run)}`).toBe(replayExitCodes.differs);
  });
});
