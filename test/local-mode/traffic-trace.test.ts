import { describe, expect, it } from 'vitest';
import { trafficTraces } from '#contract/local-traffic.ts';
import { playTrace } from '#local-mode/traffic-trace.ts';

describe.each(trafficTraces)('the trace %s', (trace) => {
  it('comes at the rate that was asked for, over two turns and more', () => {
    const requestAt = playTrace(trace, 5);
    const inFourTurns = Array.from({ length: 4_000 }, (_, index) => requestAt(index));
    const last = inFourTurns.at(-1)?.dueMs ?? 0;
    expect((inFourTurns.length / last) * 1000).toBeCloseTo(5, 1);
    for (const [index, { dueMs }] of inFourTurns.entries())
      expect(dueMs).toBeGreaterThanOrEqual(inFourTurns[index - 1]?.dueMs ?? 0);
  });

  it('keeps its bursts and its sizes at any rate', () => {
    const slow = playTrace(trace, 1);
    const fast = playTrace(trace, 10);
    for (const index of [0, 1, 100, 2_000]) {
      expect(slow(index).dueMs).toBeCloseTo(fast(index).dueMs * 10, 6);
      expect(slow(index).inputTokens).toBe(fast(index).inputTokens);
    }
    const gaps = Array.from({ length: 300 }, (_, index) => slow(index + 1).dueMs - slow(index).dueMs);
    expect(Math.max(...gaps)).toBeGreaterThan(1.5 * (gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length));
  });
});

it('has chats of a page and papers of many', () => {
  const median = (trace: 'conversation' | 'longContext'): number => {
    const sizes = Array.from({ length: 401 }, (_, index) => playTrace(trace, 1)(index).inputTokens);
    return sizes.sort((left, right) => left - right)[200] ?? 0;
  };
  expect(median('conversation')).toBeLessThan(1_500);
  expect(median('longContext')).toBeGreaterThan(5_000);
});
