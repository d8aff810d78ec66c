import { describe, expect, it } from 'vitest';
import { localKeyPepper, pepperProblem } from '#runtime/key-pepper.ts';

describe('the pepper', () => {
  it('is refused where it is short, without being shown', () => {
    expect(pepperProblem('hunter2hunter2')).toMatch(
      /^SPILLWAY_KEY_PEPPER: has 14 characters, want at least 32/,
    );
    expect(pepperProblem('hunter2hunter2')).not.toContain('hunter2');
    expect(pepperProblem('x'.repeat(32))).toBeUndefined();
  });

  it('of local mode is fit, and another for each deployment', () => {
    expect(pepperProblem(localKeyPepper('acme'))).toBeUndefined();
    expect(localKeyPepper('acme')).not.toBe(localKeyPepper('other'));
  });
});
