import fc from 'fast-check';
import { expect, it } from 'vitest';
import { forcedReason, operatorOf, rolledBackReason } from '#core/plan/publication-reason.ts';

const operators = [
  'ada',
  'arn:aws:sts::111111111111:assumed-role/on-call/ada@example.com',
  'https://login.example.com/ auth0|ada',
];

it('tells whoever ordered a version from its reason, whatever reason was given', () => {
  const asked = fc.tuple(fc.constantFrom(...operators), fc.string({ unit: 'binary' }), fc.nat());
  fc.assert(
    fc.property(asked, ([by, reason, version]) => {
      expect(operatorOf(rolledBackReason(version, { by, reason }))).toBe(by);
      expect(operatorOf(forcedReason('added a; removed b (gone)', { by, reason }))).toBe(by);
    }),
  );
});

it.each([
  'first route: 3 targets',
  'added a by force (b): c',
  'removed rolled back to version 3 by x: y',
  '',
])('says nobody of what plan published: %s', (reason) => {
  expect(operatorOf(reason)).toBeUndefined();
});
