import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LineReader } from '#core/batch/jsonl-lines.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function linesOf(bytes: Uint8Array, partBytes: number, lineBytesMax = 1000) {
  const reader = new LineReader(lineBytesMax);
  const lines = [];
  for (let at = 0; at < bytes.length; at += partBytes)
    lines.push(...reader.push(bytes.subarray(at, at + partBytes)));
  const last = reader.end();
  return last === undefined ? lines : [...lines, last];
}

it('finds the same lines, wherever the file is cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom('a', 'ä', '😀', '\r') }), { maxLength: 8 }),
      fc.integer({ min: 1, max: 9 }),
      (texts, partBytes) => {
        const bytes = encoder.encode(texts.join('\n'));
        const whole = linesOf(bytes, Math.max(1, bytes.length));
        const cut = linesOf(bytes, partBytes);
        expect(cut).toEqual(whole);
        expect(cut.reduce((sum, { length }) => sum + length, 0)).toBe(bytes.length);
        for (const { offset, length, bytes: held } of cut) {
          const line = decoder.decode(bytes.subarray(offset, offset + length));
          expect(decoder.decode(held)).toBe(line.replace(/\n$/, '').replace(/\r$/, ''));
        }
      },
    ),
  );
});

it('holds no more of a line than the bound, and still knows how long it was', () => {
  const [line, next] = linesOf(encoder.encode(`${'x'.repeat(5000)}\nshort`), 700, 100);
  expect(line).toMatchObject({ number: 1, offset: 0, length: 5001 });
  expect(line?.bytes).toHaveLength(100);
  expect(next).toMatchObject({ number: 2, offset: 5001, length: 5 });
});
