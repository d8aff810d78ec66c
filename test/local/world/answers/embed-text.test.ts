import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { embedText } from '#local/world/answers/embed-text.ts';

const cosine = (left: string, right: string, dimensions = 1_024) => {
  const one = embedText(left, dimensions);
  const other = embedText(right, dimensions);
  return one.reduce((total, value, index) => total + value * (other[index] ?? 0), 0);
};

describe('embedText', () => {
  it('has unit length in every number of dimensions, for every text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.constantFrom(256, 512, 1_024, 1_536),
        (text, dimensions) => {
          const vector = embedText(text, dimensions);
          expect(vector.length).toBe(dimensions);
          expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
        },
      ),
    );
  });

  it('keeps the length that the text gives it when it is not normalised', () => {
    expect(Math.hypot(...embedText('a longer text with many words', 256, false))).toBeGreaterThan(1.5);
  });

  it('is the same for the same text and differs for another', () => {
    expect(embedText('hello', 256)).toEqual(embedText('hello', 256));
    expect(cosine('hello', 'hello')).toBeCloseTo(1, 5);
  });

  it.each([
    ['How do I reset my password?', 'How can I reset my password', 'What is the weather in Paris today?'],
    ['The invoice of March is overdue', 'March invoice overdue', 'Bake the cake for forty minutes'],
    ['Deploy the stack in Frankfurt', 'Deploying stacks to Frankfurt', 'My dog likes long walks'],
  ])('puts %j nearer to %j than to %j', (text, near, far) => {
    expect(cosine(text, near)).toBeGreaterThan(0.45);
    expect(cosine(text, far)).toBeLessThan(0.25);
    expect(cosine(text, near, 256)).toBeGreaterThan(cosine(text, far, 256) + 0.2);
  });
});
