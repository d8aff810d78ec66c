import { expect, it } from 'vitest';
import { DECISIONS_KEPT_MAX } from '#contract/audit-limits.ts';
import { decide } from '#core/decide/decide.ts';
import { aQuestion } from '#test/builders/a-question.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { AuditNotes } from '#usecases/gateway/audit-notes.ts';

it('keeps the first decisions and the last, and counts all', () => {
  const notes = new AuditNotes();
  for (let index = 0; index < DECISIONS_KEPT_MAX + 10; index += 1) {
    const question = aQuestion({ targets: [aTarget()], at: 1_000_000 + index });
    notes.decided(question, decide(question));
  }
  expect(notes.decisionsMade).toBe(DECISIONS_KEPT_MAX + 10);
  expect(notes.decisions).toHaveLength(DECISIONS_KEPT_MAX);
  expect(notes.decisions.at(-2)?.question.at).toBe(1_000_000 + DECISIONS_KEPT_MAX - 2);
  expect(notes.decisions.at(-1)?.question.at).toBe(1_000_000 + DECISIONS_KEPT_MAX + 9);
});
