import { expect, it } from 'vitest';
import { regionSchema } from '#contract/config-parts.ts';
import { guardrailSchema } from '#contract/guardrails.ts';

const isFine = (changes: object) =>
  guardrailSchema(regionSchema).safeParse({ region: 'eu-central-1', id: 'a1b2c3', ...changes }).success;

it('takes a guardrail by its id, with or without a profile, and no pattern that stands for more than one', () => {
  expect([isFine({}), isFine({ profile: 'eu.guardrail.v1:0' })]).toEqual([true, true]);
  const wrong = [
    { id: '*' },
    { id: 'a*' },
    { id: '' },
    { id: 'guardrail/a' },
    { profile: '*' },
    { region: 'eu-*' },
  ];
  expect(wrong.filter(isFine)).toEqual([]);
  expect(isFine({ version: '1' })).toBe(false);
});
