import { describe, expect, it } from 'vitest';
import { InvariantError, invariant } from '#core/units/invariant.ts';

describe('invariant', () => {
  it('is silent when the condition holds', () => {
    expect(() => invariant(true, 'holds')).not.toThrow();
  });

  it('throws its own error with the sentence when it does not', () => {
    expect(() => invariant(false, 'one is not two')).toThrow(new InvariantError('one is not two'));
  });

  it('makes a sentence only when it is needed', () => {
    let made = 0;
    const sentence = () => {
      made += 1;
      return 'one is not two';
    };
    invariant(true, sentence);
    expect(made).toBe(0);
    expect(() => invariant(false, sentence)).toThrow(new InvariantError('one is not two'));
  });
});
