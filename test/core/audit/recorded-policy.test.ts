import { expect, it } from 'vitest';
import { allowsTheSame, policyRecorded } from '#core/audit/recorded-policy.ts';

it('is the same policy for the same regions, in whatever order', () => {
  const one = policyRecorded('eu', ['eu-central-1', 'eu-west-1']);
  expect(allowsTheSame(one, policyRecorded('eu', ['eu-west-1', 'eu-central-1']))).toBe(true);
  expect(allowsTheSame(one, policyRecorded('eu', ['eu-west-1']))).toBe(false);
  expect(allowsTheSame(one, policyRecorded('eu', 'any'))).toBe(false);
  expect(allowsTheSame(policyRecorded('a', 'any'), policyRecorded('b', 'any'))).toBe(true);
});
