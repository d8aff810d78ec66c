import { describe, expect, it } from 'vitest';
import { imageSizeOf } from '#core/tokens/image-size.ts';

const base64 = (bytes: readonly number[]) => Buffer.from(bytes).toString('base64');
const zeros = (count: number): readonly number[] => Array.from({ length: count }, () => 0);
const letters = (text: string): readonly number[] => [...Buffer.from(text, 'latin1')];

const png = base64([...zeros(16), 0, 0, 3, 32, 0, 0, 2, 88]);
const gif = base64([...letters('GIF89a'), 32, 3, 88, 2, 0]);
/** A note of six bytes stands before the frame. */
const jpeg = base64([0xff, 0xd8, 0xff, 0xe0, 0, 6, 1, 2, 3, 4, 0xff, 0xc0, 0, 17, 8, 2, 88, 3, 32, 3, 1]);
const webp = (kind: string, ...rest: readonly number[]) =>
  base64([...letters('RIFF'), ...zeros(4), ...letters(`WEBPVP8${kind}`), ...zeros(4), ...rest, ...zeros(10)]);

describe('the size of an image', () => {
  it.each([
    ['png', png],
    ['gif', gif],
    ['jpeg', jpeg],
    ['webp', webp(' ', ...zeros(6), 32, 3, 88, 2)],
    ['webp', webp('L', 0x2f, 0x1f, 0xc3, 0x95, 0)],
    ['webp', webp('X', ...zeros(4), 31, 3, 0, 87, 2, 0)],
  ] as const)('%s is read from its head', (format, bytesBase64) => {
    expect(imageSizeOf(format, bytesBase64)).toEqual({ width: 800, height: 600 });
  });

  it.each([
    ['png', ''],
    ['png', base64(zeros(24))],
    ['jpeg', base64([0xff, 0xd8, 1, 2, 3])],
    ['jpeg', base64([0xff, 0xd8, 0xff, 0xe0, 0, 0])],
    ['gif', 'no base64!'],
    ['webp', webp('?')],
    ['webp', base64(letters('RIFF'))],
  ] as const)('%s is unknown where its head does not tell', (format, bytesBase64) => {
    expect(imageSizeOf(format, bytesBase64)).toBeUndefined();
  });
});
