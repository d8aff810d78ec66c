import { describe, expect, it } from 'vitest';
import { InvariantError, invariant } from '#core/units/invariant.ts';

describe('invariant', () => {
  it('is silent when the condition holds', () => {
    expect(() => invariant(true, 'holds')).not.toThrow();
  });

  it('throws its own error with the sentence when it does not', () => {
    expect(() => invariant(false, 'one is not two')).toThrow(new InvariantError('one is not two'));
  });
});
