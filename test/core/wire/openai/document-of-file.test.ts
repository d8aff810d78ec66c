import { describe, expect, it } from 'vitest';
import { documentOfFile, withDistinctNames } from '#core/wire/openai/document-of-file.ts';

describe('a file', () => {
  it.each([
    [{ file_data: 'data:application/pdf;base64,AAAA', filename: 'tides.pdf' }, 'pdf', 'tides'],
    [{ file_data: 'data:text/csv;charset=utf-8;base64,AAAA', filename: 'a/b_c.csv' }, 'csv', 'a-b-c'],
    [{ file_data: 'AAAA', filename: 'Notes  of May.MD' }, 'md', 'Notes of May'],
    [{ file_data: 'data:application/octet-stream;base64,AAAA', filename: 'x.docx' }, 'docx', 'x'],
    [{ file_data: 'data:text/plain;base64,AAAA' }, 'txt', 'document'],
    [{ file_data: 'data:text/html;base64,AAAA', filename: '§§' }, 'html', '-'],
  ])('%j is a document', (file, format, name) => {
    expect(documentOfFile(file)).toEqual({ document: { format, name, source: { bytesBase64: 'AAAA' } } });
  });

  it.each([
    [{ file_data: 'data:audio/wav;base64,AAAA' }, /must be a document \(pdf, /],
    [{ file_data: 'AAAA' }, /must be a document/],
    [{ file_data: 'https://example.com/a.pdf', filename: 'a.pdf' }, /in base64/],
    [{ file_data: 'data:text/plain,AAAA' }, /base64/],
    [{ file_data: 'A', filename: 'a.pdf' }, /in base64/],
    [{ file_data: '', filename: 'a.pdf' }, /in base64/],
  ])('%j is refused with the reason', (file, reason) => {
    expect(documentOfFile(file)).toMatch(reason);
  });
});

it('has a name of its own in a request, in tool results too', () => {
  const document = { document: { format: 'pdf', name: 'a', source: { bytesBase64: 'AAAA' } } } as const;
  const taken = { document: { ...document.document, name: 'a (2)' } };
  const messages = withDistinctNames([
    { role: 'user', content: [{ text: 'x' }, document, taken] },
    { role: 'user', content: [{ toolResult: { toolUseId: 't', content: [document] } }, document] },
  ]);
  const names = JSON.stringify(messages).match(/"name":"[^"]+"/g);
  expect(names).toEqual(['"name":"a"', '"name":"a (2)"', '"name":"a (3)"', '"name":"a (4)"']);
});
