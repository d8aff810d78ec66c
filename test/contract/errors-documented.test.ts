import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { explanationSchema, gatewayErrorStatus } from '#contract/http.ts';
import { errorCatalogue } from '#core/errors/catalogue.ts';
import { failureTable } from '#core/failures/failure-table.ts';

const text = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');

it.each(Object.entries(gatewayErrorStatus))('docs/errors.md tells of %s with its status', (code, status) => {
  expect(text).toMatch(new RegExp(`^\\| \`${code}\` \\| ${status} \\| [A-Z\`].+ \\| .+ \\|$`, 'm'));
});

it.each(Object.entries(errorCatalogue))('docs/errors.md tells of the operating error %s', (code, entry) => {
  expect(text).toContain(`| \`${code}\` | ${entry.httpStatus} | ${entry.meaning}`);
});

it.each([...new Set(failureTable.map(({ outcome }) => outcome))])(
  'docs/errors.md tells of the outcome %s',
  (outcome) => {
    const failureClass = failureTable
      .find((row) => row.outcome === outcome)
      ?.class.replaceAll('s-fault', '’s fault')
      .replaceAll('-', ' ');
    const line = text
      .split('\n')
      .find((row) => row.startsWith('|') && row.split('|')[1]?.includes(`\`${outcome}\``));
    expect(line?.split('|')[2]?.trim().replace("'", '’')).toBe(failureClass);
  },
);

it.each(explanationSchema.shape.removed.element.shape.code.options)(
  'docs/errors.md tells of the removal code %s',
  (code) => {
    const removals = text.slice(text.indexOf('## Why a target was removed'));
    expect(removals).toMatch(new RegExp(`^\\| \`${code}\` \\| .+ \\|$`, 'm'));
  },
);
