import { expect, it } from 'vitest';
import { fileId, label, reasoningEffort, refusedValue, serviceTier } from '#contract/openai-parts.ts';

const told = (result: { readonly error?: { readonly issues: readonly { readonly message: string }[] } }) =>
  result.error?.issues[0]?.message;

it('takes null for what a client writes without meaning it, and says why anything else is refused', () => {
  for (const part of [fileId, serviceTier, reasoningEffort, refusedValue('there is none')]) {
    expect(part.safeParse(undefined).success).toBe(true);
    expect(part.safeParse(null).success).toBe(true);
  }
  expect(told(fileId.safeParse('file-1'))).toMatch(/^is not supported: Spillway keeps no files/);
  expect(told(refusedValue('there is none').safeParse(1))).toBe('is not supported: there is none');
  expect(told(serviceTier.safeParse('scale'))).toMatch(/^must be auto, default, flex or priority/);
  expect(told(reasoningEffort.safeParse('minimal'))).toMatch(/^must be low, medium/);
});

it('bounds labels', () => {
  expect(label.safeParse('x'.repeat(512)).success).toBe(true);
  expect(label.safeParse('x'.repeat(513)).success).toBe(false);
});
