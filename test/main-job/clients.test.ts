/** What the official clients prove, as the docs show it: each mark is a test in test/main-job/clients. */
import { expect, it } from 'vitest';
import { type CoverageRow, clientCoverage, columns } from '#test/builders/client-coverage.ts';
import { testExists } from '#test/builders/test-titles.ts';

it.each(clientCoverage)(
  '$format by $client is proved by tests that exist',
  ({ proofs, absent = [], notes }) => {
    expect(Object.values(proofs).filter((reference) => !testExists(reference))).toEqual([]);
    // Each cell says one thing, and none says nothing.
    expect([...Object.keys(proofs), ...absent].sort()).toEqual([...columns].sort());
    for (const note of Object.values(notes ?? {})) expect(note).toMatch(/^[^|]+\.$/);
  },
);

it('the table stands in the docs', async () => {
  await expect(tableOf(clientCoverage)).toMatchFileSnapshot('../../docs/clients.md');
});

function tableOf(rows: readonly CoverageRow[]): string {
  const notes = [...new Set(rows.flatMap((row) => Object.values(row.notes ?? {})))];
  const lines = rows.map(({ format, client, proofs, notes: own = {} }) => {
    const marks = columns.map((column) => {
      const note = own[column];
      const mark = column in proofs ? '✓' : '–';
      return note === undefined ? mark : `${mark} ${numbered(notes.indexOf(note))}`;
    });
    return `| ${format} | ${client} | ${marks.join(' | ')} |`;
  });
  const files = [...new Set(rows.flatMap(({ proofs }) => Object.values(proofs).map(([file]) => file)))];
  return `# Clients

What the official clients were proved to do through the gateway, unchanged but for base URL (or endpoint) and key, without
retries of their own. Written by \`vitest run test/main-job/clients.test.ts -u\`, which fails where a test that a mark stands
for is gone, and where a cell has neither. ✓: a test proves it. –: the format has no such thing, or what the note says.
[What each format may ask for](dialects.md).

| format | client | ${columns.join(' | ')} |
| --- | --- | ${columns.map(() => '---').join(' | ')} |
${lines.join('\n')}

${notes.map((note, index) => `${numbered(index)} ${note}`).join('\\\n')}

AWS SDK is \`@aws-sdk/client-bedrock-runtime\`, AI SDK the package \`ai\` with its providers, LangChain its packages for each
format. The tests: ${files.map((file) => `\`${file.split('/').at(-1)}\``).join(', ')}.
`;
}

const numbered = (index: number): string => `<sup>${index + 1}</sup>`;
