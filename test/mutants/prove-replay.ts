/**
 * The proof that recorded decisions come out the same, as a program that mutants are bundled into. What the sources decide
 * is recorded by them as they are, and replayed with a mutant:
 *
 *     node test/mutants/prove-replay.ts record <seed> <decisions> <file>
 *     node test/mutants/prove-replay.ts replay <seed> <decisions> <file>
 *
 * Prints the result as one line of JSON and ends with one of `replayExitCodes`; any other code, node's own 1 for a defect
 * among them, says that the program itself failed.
 */
import { readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { recordCandidates } from '#core/audit/candidate-places.ts';
import { noteDecision } from '#core/audit/note-decision.ts';
import { recordDecision } from '#core/audit/record-decision.ts';
import type { RecordedCandidate, RecordedDecision } from '#core/audit/recorded-decision.ts';
import { replayDecision } from '#core/audit/replay-decision.ts';
import { decide } from '#core/decide/decide.ts';
import { someQuestion } from '#test/builders/decision-questions.ts';
import { replayExitCodes } from './proof-exit-codes.ts';

interface Kept {
  readonly candidates: readonly RecordedCandidate[];
  readonly decision: RecordedDecision;
}

const [mode = '', seed = '', decisions = '', file = ''] = process.argv.slice(2);
const questions = fc.sample(someQuestion, { seed: Number(seed), numRuns: Number(decisions) });
if (mode === 'record') {
  const kept = questions.map((question): Kept => {
    const noted = noteDecision(question, decide(question));
    return { candidates: recordCandidates(noted.roster), decision: recordDecision(noted) };
  });
  await writeFile(file, JSON.stringify(kept));
} else {
  const kept: readonly Kept[] = JSON.parse(await readFile(file, 'utf8'));
  const differences = questions.flatMap((question, index) => {
    const { candidates = [], decision } = kept[index] ?? {};
    return (decision && replayDecision(decision, { ...question, candidates })) ?? [];
  });
  const kind = differences.length === 0 ? 'held' : 'differs';
  const result = { kind, decisions: kept.length, differences: differences.length, first: differences[0] };
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exitCode = replayExitCodes[kind];
}
