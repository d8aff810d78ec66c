import { DECISIONS_KEPT_MAX } from '#contract/audit-limits.ts';
import { type NotedDecision, noteDecision } from '#core/audit/note-decision.ts';
import type { Candidate, Decision, DecisionQuestion } from '#core/decide/decision.ts';
import type { PlacedDisabledTarget } from '#core/plan/disabled-target.ts';

/** A target that the request's words went to, in the order of the log's attempts. */
export interface NotedAttempt {
  readonly candidate: Candidate;
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * What is kept of one request while it goes on, for its record. References only: it is written down behind the answer.
 * The request does nothing else for the audit trail, and nothing here can change what it does.
 */
export class AuditNotes {
  readonly decisions: NotedDecision[] = [];
  /** Those that are not kept too. */
  decisionsMade = 0;
  readonly attempts: NotedAttempt[] = [];
  readonly woken: Candidate[] = [];
  /** What operators said, as it stood at decisions at which a target was disabled. */
  readonly words: (readonly PlacedDisabledTarget[])[] = [];

  /** @param words what operators said against targets, in force or not */
  decided(question: DecisionQuestion, decision: Decision, words: readonly PlacedDisabledTarget[] = []): void {
    this.decisionsMade += 1;
    // The same list until the tables say something else.
    if (question.disabled.size > 0 && this.words.at(-1) !== words) this.words.push(words);
    const noted = noteDecision(question, decision);
    // Who waits for a slot decides again and again: how it began and how it ended tell the most.
    if (this.decisions.length < DECISIONS_KEPT_MAX) this.decisions.push(noted);
    else this.decisions[DECISIONS_KEPT_MAX - 1] = noted;
  }

  asked(candidate: Candidate, at: number): void {
    this.attempts.push({ candidate, at });
  }

  /** Told to wake up, with the words of the request: whether they are sent is up to a window that all processes share. */
  woke(candidates: readonly Candidate[]): void {
    this.woken.push(...candidates);
  }
}
