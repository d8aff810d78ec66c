import { describe, expect, it } from 'vitest';
import { TraceError, TraceProblems } from '#simulator/arrivals/trace-problems.ts';

describe('what is wrong with a trace', () => {
  it('is told by file, line, column and value, twenty times at the most', () => {
    const problems = new TraceProblems();
    problems.throwIfAny();
    for (let line = 2; line < 27; line += 1)
      problems.add({ file: 'a.csv', line, column: 'when', got: 'x'.repeat(100), want: 'a number of s' });
    const lines = problems.lines();
    expect(lines).toHaveLength(21);
    expect(lines[0]).toBe(`a.csv:2: when: got "${'x'.repeat(60)}…", want a number of s`);
    expect(lines[20]).toBe('a.csv: and 5 more');
    expect(() => problems.throwIfAny()).toThrow('a.csv:3: when');
    expect(() => problems.throwIfAny()).toThrow(TraceError);
  });
});
