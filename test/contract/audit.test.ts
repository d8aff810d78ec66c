import { expect, it } from 'vitest';
import { auditSchema } from '#contract/audit.ts';
import { parseConfig } from '#contract/config.ts';
import acme from '#examples/acme.config.ts';

it('records nothing unless it is told to, and then for six months', () => {
  expect(auditSchema.parse({})).toEqual({ enabled: false, retentionDays: 184, mode: 'governance' });
});

it('refuses a retention and a mode that no bucket has', () => {
  const result = parseConfig({ ...acme, audit: { retentionDays: 0, mode: 'strict', years: 5 } });
  expect(result.ok ? [] : result.violations.map(({ path, message }) => `${path}: ${message}`)).toEqual([
    'audit.retentionDays: 0 must be a whole number from 1 to 3650',
    'audit.mode: "strict" must be "governance" or "compliance"',
    expect.stringMatching(/^audit\.years: is not a setting/),
  ]);
});
