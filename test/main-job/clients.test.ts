/** What the official clients prove, as the docs show it: each mark is a test in test/main-job/clients. */
import { expect, it } from 'vitest';
import { type CoverageRow, clientCoverage, columns } from '#test/builders/client-coverage.ts';
import { testExists } from '#test/builders/test-titles.ts';

it.each(clientCoverage)('$format by $client is proved by tests that exist', ({ proofs, absent = [] }) => {
  expect(Object.values(proofs).filter((reference) => !testExists(reference))).toEqual([]);
  expect(absent.filter((column) => column in proofs)).toEqual([]);
});

it('the table stands in the docs', async () => {
  await expect(tableOf(clientCoverage)).toMatchFileSnapshot('../../docs/clients.md');
});

function tableOf(rows: readonly CoverageRow[]): string {
  const lines = rows.map(({ format, client, proofs, absent = [] }) => {
    const marks = columns.map((column) => (column in proofs ? '✓' : absent.includes(column) ? '–' : ' '));
    return `| ${format} | ${client} | ${marks.join(' | ')} |`;
  });
  const files = [...new Set(rows.flatMap(({ proofs }) => Object.values(proofs).map(([file]) => file)))];
  return `# Clients

What the official clients were proved to do through the gateway, unchanged but for base URL (or endpoint) and key, without
retries of their own. Written by \`vitest run test/main-job/clients.test.ts -u\`, which fails where a test that a mark stands
for is gone. ✓: a test proves it. –: the format has no such thing, or the client does not read it. Empty: no test.
[What each format may ask for](dialects.md).

| format | client | ${columns.join(' | ')} |
| --- | --- | ${columns.map(() => '---').join(' | ')} |
${lines.join('\n')}

AWS SDK is \`@aws-sdk/client-bedrock-runtime\`, AI SDK the package \`ai\` with its providers, LangChain its packages for each
format. The tests: ${files.map((file) => `\`${file.split('/').at(-1)}\``).join(', ')}.
`;
}
