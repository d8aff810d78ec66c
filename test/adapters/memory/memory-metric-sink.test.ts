import { expect, it } from 'vitest';
import { createMemoryMetricSink } from '#adapters/memory/memory-metric-sink.ts';

it('keeps every point in the order of its publishing', async () => {
  const sink = createMemoryMetricSink();
  const point = { namespace: 'n', name: 'a', unit: 'Count', value: 1, dimensions: {}, at: 1 };
  await sink.publish([point]);
  await sink.publish([{ ...point, name: 'b' }]);
  expect(sink.points.map((each) => each.name)).toEqual(['a', 'b']);
});
