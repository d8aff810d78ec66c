import { describe, expect, it } from 'vitest';
import { createMetricLines } from '#runtime/metric-lines.ts';
import type { MetricPoint } from '#usecases/ports/metric-sink.ts';

const point = (line: string): MetricPoint => ({
  namespace: 'n',
  name: line,
  unit: 'Count',
  value: 1,
  dimensions: {},
  at: 0,
});

describe('metric lines', () => {
  it('are published together, and what is left goes out on close', async () => {
    const published: string[] = [];
    const lines = createMetricLines({
      sink: { publish: async (points) => void published.push(points.map((each) => each.name).join()) },
      pointsOf: (line) => [point(line)],
    });
    lines.take('a');
    lines.take('b');
    await lines.close();
    expect(published).toEqual(['a,b']);
  });

  it('forget the oldest when nobody takes them', async () => {
    let count = 0;
    const lines = createMetricLines({
      sink: {
        publish: async (points) => {
          count += points.length;
        },
      },
      pointsOf: (line) => [point(line)],
    });
    for (let index = 0; index < 10_005; index += 1) lines.take(String(index));
    await lines.close();
    expect(count).toBe(10_000);
  });
});
