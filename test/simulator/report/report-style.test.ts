import { describe, expect, it } from 'vitest';
import { COLOURS_MAX, reportStyle } from '#simulator/report/report-style.ts';

/** WCAG 2.1's contrast of two colours. */
function contrast(one: string, other: string): number {
  const luminance = (colour: string): number => {
    const hex = colour.length === 4 ? colour.replace(/[0-9a-f]/g, '$&$&') : colour;
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((left, right) => left - right);
  return (high + 0.05) / (low + 0.05);
}

describe('the looks of a report', () => {
  it('has colours that stand out from the ground, in light and in dark', () => {
    const pairs = [...reportStyle.matchAll(/--own:light-dark\((#\w+),(#\w+)\)/g)];
    expect(pairs).toHaveLength(COLOURS_MAX);
    for (const [, light = '', dark = ''] of pairs) {
      expect(contrast(light, '#ffffff')).toBeGreaterThanOrEqual(3);
      expect(contrast(dark, '#1a2129')).toBeGreaterThanOrEqual(3);
    }
    for (const name of ['text', 'dim', 'good', 'bad', 'warn']) {
      const [, light = '', dark = ''] =
        new RegExp(`--${name}:light-dark\\((#\\w+),(#\\w+)\\)`).exec(reportStyle) ?? [];
      expect(contrast(light, '#fbfcfd')).toBeGreaterThanOrEqual(4.5);
      expect(contrast(dark, '#1a2129')).toBeGreaterThanOrEqual(4.5);
    }
  });
});
