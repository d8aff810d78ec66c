import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter } from '#adapters/aws/line-splitter.ts';

describe('LineSplitter', () => {
  it('gives the same lines wherever the bytes are cut, inside characters too', () => {
    const line = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replaceAll(/[\r\n]/g, ''));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), fc.integer({ min: 1, max: 9 }), (lines, size) => {
        const bytes = Buffer.from(lines.join('\n'));
        const splitter = new LineSplitter();
        const found: string[] = [];
        for (let start = 0; start < bytes.length; start += size) {
          found.push(...splitter.push(bytes.subarray(start, start + size)));
        }
        found.push(splitter.rest());
        expect(found).toEqual(lines.length === 0 ? [''] : lines);
      }),
    );
  });

  it('drops the CR of a CR LF', () => {
    const splitter = new LineSplitter();
    expect(splitter.push(Buffer.from('a\r\nb\r'))).toEqual(['a']);
    expect(splitter.push(Buffer.from('\n'))).toEqual(['b']);
  });

  it('does not keep a line that never ends', () => {
    const splitter = new LineSplitter();
    const megabyte = Buffer.alloc(1024 * 1024, 120);
    expect(() => {
      for (let count = 0; count < 20; count += 1) splitter.push(megabyte);
    }).toThrow('longer than');
  });
});
