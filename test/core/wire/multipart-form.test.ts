import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundaryOf, FormReader, MalformedForm } from '#core/wire/multipart-form.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('latin1');

async function formBytes(content: Uint8Array, fields: Record<string, string>) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', new Blob([content as never]), 'in "1".jsonl');
  const request = new Request('http://form.invalid', { method: 'POST', body: form });
  const boundary = boundaryOf(request.headers.get('content-type'));
  return { boundary: boundary ?? '', bytes: new Uint8Array(await request.arrayBuffer()) };
}

function partsOf(bytes: Uint8Array, boundary: string, step: number) {
  const reader = new FormReader(boundary);
  const parts: { name: string; filename?: string | undefined; text: string; ended: boolean }[] = [];
  for (let at = 0; at < bytes.length; at += step) {
    for (const event of reader.push(bytes.subarray(at, at + step))) {
      const last = parts.at(-1);
      if (event.kind === 'part') parts.push({ ...event.part, text: '', ended: false });
      else if (last !== undefined && event.kind === 'data') last.text += decoder.decode(event.bytes);
      else if (last !== undefined) last.ended = true;
    }
  }
  reader.end();
  return parts;
}

describe('a form', () => {
  it('is read as the platform writes it, wherever it is cut', async () => {
    const content = encoder.encode('{"a":1}\r\n--not the boundary\r\n\r\n-');
    const { bytes, boundary } = await formBytes(content, { purpose: 'batch', empty: '' });
    for (const step of [1, 2, 3, 7, 50, bytes.length]) {
      expect(partsOf(bytes, boundary, step)).toEqual([
        { name: 'purpose', filename: undefined, text: 'batch', ended: true },
        { name: 'empty', filename: undefined, text: '', ended: true },
        { name: 'file', filename: 'in "1".jsonl', text: decoder.decode(content), ended: true },
      ]);
    }
  });

  it('gives back every byte of a file', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(0x0d, 0x0a, 0x2d, 0x41), { maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        async (content, step) => {
          const { bytes, boundary } = await formBytes(new Uint8Array(content), {});
          expect(partsOf(bytes, boundary, step)[0]?.text).toBe(decoder.decode(new Uint8Array(content)));
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each([
    ['ends early', '--b\r\ncontent-disposition: form-data; name="a"\r\n\r\nhalf'],
    ['has a part without a name', '--b\r\ncontent-type: text/plain\r\n\r\nx\r\n--b--'],
    ['has a head without an end', `--b\r\n${'x'.repeat(9000)}`],
    ['goes on strangely', '--b??'],
  ])('that %s is malformed', (_, text) => {
    expect(() => partsOf(encoder.encode(text), 'b', 10)).toThrow(MalformedForm);
  });

  it('has a boundary, or is none', () => {
    expect(boundaryOf('multipart/form-data; boundary="a b"; charset=utf-8')).toBe('a b');
    expect(boundaryOf('multipart/form-data')).toBeUndefined();
    expect(boundaryOf('application/json; boundary=x')).toBeUndefined();
    expect(boundaryOf(null)).toBeUndefined();
  });
});
