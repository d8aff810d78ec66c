import { describe, expect, it } from 'vitest';
import { defineConfig } from '#contract/define-config.ts';
import acme from '#examples/acme.config.ts';

describe('defineConfig', () => {
  it('returns what it is given: checking is for the one who loads the file', () => {
    expect(defineConfig(acme)).toBe(acme);
  });
});
