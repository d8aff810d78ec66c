/** Failures that users of other gateways met: each has tests that hold its lesson, or says why it has none. */
import { describe, expect, it } from 'vitest';
import { type KnownFailure, knownFailures } from '#test/builders/known-failures.ts';
import { testExists } from '#test/builders/test-titles.ts';

describe('a known failure', () => {
  it('is one of thirty', () => {
    expect(knownFailures).toHaveLength(30);
  });

  it.each(knownFailures.map((each, index) => [index + 1, each.failure, each] as const))(
    '%i: %s',
    (_, __, { held = [], open, reports }) => {
      expect(held.filter((reference) => !testExists(reference))).toEqual([]);
      expect(held.length > 0 || open !== undefined).toBe(true);
      expect(reports.every((report) => /^[\w.-]+\/[\w.-]+(#\d+)?$/.test(report))).toBe(true);
    },
  );

  it('would be missed if its test were gone', () => {
    expect(testExists(['main-job/known-failures.test.ts', 'would be missed if its test were gone'])).toBe(
      true,
    );
    expect(testExists(['main-job/known-failures.test.ts', 'never written'])).toBe(false);
    expect(testExists(['main-job/nothing.test.ts', 'x'])).toBe(false);
  });

  it('stands in the docs', async () => {
    await expect(tableOf(knownFailures)).toMatchFileSnapshot('../../docs/known-failures.md');
  });
});

function tableOf(failures: readonly KnownFailure[]): string {
  const lines = failures.map(({ failure, reports, held = [], open }, index) => {
    const links = reports.map((report) => {
      const [repository, number] = report.split('#');
      const page = number === undefined ? '' : `/issues/${number}`;
      return `[${report}](https://github.com/${repository}${page})`;
    });
    const tests = held.map(([file, name]) => `\`${file}\`: ${name}`);
    const holds = [...tests, ...(open === undefined ? [] : [open])].join('<br>');
    return `| ${index + 1} | ${failure} | ${links.join('<br>')} | ${holds} |`;
  });
  return `# Known failures of gateways

Where users of other gateways got hurt, in our words, and the tests that keep it from happening here. Written by
\`vitest run test/main-job/known-failures.test.ts -u\`, which fails where a test that is named here is gone.

| | failure | reported | held by, or why not |
| --- | --- | --- | --- |
${lines.join('\n')}
`;
}
