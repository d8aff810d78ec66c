/** The proof of residency is worth what it finds: each mutant of the shipped code must send a call that it forbids. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadMutants, type Mutant, type ProofRun, proveWith } from '#test/mutants/mutant-runner.ts';
import { proofExitCodes } from '#test/mutants/proof-exit-codes.ts';

/** Seed, worlds, requests through a whole gateway in each, and no pure decisions: a mutant dies by a call or not at all. */
const proof = ['mutants', '600', '20', '0'];
const runMsMax = 90_000;

/** Every way to break residency that the proof must know. */
const required = [
  'empty-arn-region-dropped',
  'empty-reach-lawful',
  'filter-skipped-on-baseline',
  'filter-skipped-on-probe',
  'filter-skipped-on-retry',
  'filter-skipped-on-wake-up',
  'gateway-region-left-out',
  'guardrail-reach-left-out',
  'header-widens',
  'last-good-not-judged',
  'pre-warm-of-another-residency',
  'pre-warm-with-callers-words',
  'prefix-decides',
  'reach-of-another-source',
  'resume-widens',
  'subset-is-intersection',
  'table-reach-trusted',
];

const mutants = await loadMutants();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-patch-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const told = ({ exitCode, stdout, stderr }: ProofRun): string =>
  `exit code ${exitCode}\n${stdout}\n${stderr}`;

async function mutantOf(name: string, lines: readonly string[]): Promise<Mutant> {
  const path = join(folder, `${name}.patch`);
  await writeFile(path, `${lines.join('\n')}\n`);
  return { name, breaks: 'nothing', path };
}

describe('the mutants', () => {
  it('cover every way to break residency', () => {
    const names = mutants.map(({ name }) => name);
    expect(required.filter((name) => !names.includes(name))).toEqual([]);
  });

  it('say in their first line what they break', () => {
    for (const { name, breaks } of mutants) expect(breaks, name).toMatch(/^[A-Z].{20,}\.$/);
  });
});

// Each run is a process of its own, so that a few of them can share the cores of the machine.
describe('the proof', { timeout: runMsMax }, () => {
  it.concurrent('holds where nothing was done', async () => {
    const run = await proveWith(undefined, proof);
    expect(run.exitCode, told(run)).toBe(proofExitCodes.held);
  });

  it.concurrent.each(mutants)('finds $name', async (mutant) => {
    const run = await proveWith(mutant, proof);
    expect(run.exitCode, `${mutant.breaks}\n${told(run)}`).toBe(proofExitCodes.sent);
  });

  it.concurrent('does not take a program that cannot run for a broken residency', async () => {
    const mutant = await mutantOf('no-code', [
      'diff --git a/src/core/decide/decide.ts b/src/core/decide/decide.ts',
      '--- a/src/core/decide/decide.ts',
      '+++ b/src/core/decide/decide.ts',
      '@@ -1,1 +1,2 @@',
      '+nothing.thereIs();',
      " import { candidatesOf } from './candidates.ts';",
    ]);
    const run = await proveWith(mutant, proof);
    expect(Object.values<number | null>(proofExitCodes)).not.toContain(run.exitCode);
    expect(run.stderr).toContain('ReferenceError');
  });

  it.concurrent('names a patch that no longer applies, and how to refresh it', async () => {
    const mutant = await mutantOf('stale', [
      'diff --git a/src/core/decide/decide.ts b/src/core/decide/decide.ts',
      '--- a/src/core/decide/decide.ts',
      '+++ b/src/core/decide/decide.ts',
      '@@ -1,1 +1,1 @@',
      '-a line that was never there',
      '+another one',
    ]);
    await expect(proveWith(mutant, proof)).rejects.toThrow(
      /stale\.patch no longer applies[\s\S]*\nTo refresh it/,
    );
  });
});
