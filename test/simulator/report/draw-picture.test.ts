import { describe, expect, it } from 'vitest';
import { drawPicture } from '#simulator/report/draw-picture.ts';
import type { Picture } from '#simulator/report/report.ts';

const size = { width: 372, height: 256 };
const picture: Picture = {
  kind: 'lines',
  title: 'Queue',
  x: { label: 'time', unit: 'run-ms' },
  y: { label: 'requests', unit: 'count' },
  series: [
    {
      name: 'A & B',
      points: [
        [0, 0],
        [300_000, 10],
      ],
    },
    {
      name: 'C',
      points: [
        [0, 5],
        [300_000, 5],
      ],
    },
  ],
};
const drawn = (more: Partial<Picture>): string =>
  drawPicture({ ...picture, ...more }, size, (name) => name.length % 8);
const pathsOf = (svg: string): readonly string[] =>
  [...svg.matchAll(/<path[^>]* d="([^"]*)"/g)].map(([, d = '']) => d);

describe('a picture', () => {
  // The plot lies from 58 to 358 and from 14 to 214: a pixel is a second, 20 pixels are a request.
  it('puts lines where their values are', () => {
    expect(pathsOf(drawn({}))).toEqual(['M58 214L358 14', 'M58 114L358 114']);
    expect(drawn({})).toContain('<title>A &amp; B</title>');
    expect(drawn({})).toContain('aria-label="Queue: requests over time, for A &amp; B, C.');
  });

  it('puts layers on each other', () => {
    const svg = drawn({ kind: 'stack', bounds: [{ label: 'most', value: 20 }] });
    expect(pathsOf(svg)).toEqual(['M58 214L358 114L358 214L58 214Z', 'M58 164L358 64L358 114L58 214Z']);
    expect(svg).toContain('most</text>');
  });

  it('climbs in steps, and leaves out what a logarithmic axis has no place for', () => {
    const svg = drawn({
      kind: 'steps',
      x: { label: 'latency', unit: 'ms', scale: 'log' },
      y: { label: 'share', unit: 'share' },
      series: [
        {
          name: 'A',
          points: [
            [0, 0.1],
            [1, 0.5],
            [10, 1],
          ],
        },
      ],
    });
    expect(pathsOf(svg)).toEqual(['M58 114H358V14']);
  });

  it('draws a hundred thousand points with no more than can be seen', () => {
    const points = Array.from(
      { length: 100_000 },
      (_, index) => [index, Math.sin(index / 10_000) + 1] as const,
    );
    const [path = ''] = pathsOf(drawn({ series: [{ name: 'A', points }] }));
    expect(path.length).toBeLessThan(10_000);
    expect(path).toContain('L358 ');
  });

  it('stays empty where there is nothing', () => {
    expect(pathsOf(drawn({ series: [] }))).toEqual([]);
    expect(pathsOf(drawn({ kind: 'stack', series: [{ name: 'A', points: [] }] }))).toEqual([]);
    expect(drawn({ series: [] })).not.toMatch(/NaN|Infinity/);
  });
});
