import { describe, expect, it } from 'vitest';
import { createEmfBatchMetrics } from '#adapters/aws/emf-batch-metrics.ts';
import { pointsOfEmfLine } from '#adapters/aws/emf-gateway-metrics.ts';
import type { ChunkRecord } from '#usecases/ports/batch-metrics.ts';

function told(run: (metrics: ReturnType<typeof createEmfBatchMetrics>) => void) {
  const lines: string[] = [];
  run(createEmfBatchMetrics((line) => void lines.push(line)));
  expect(lines.every((line) => line.endsWith('}\n'))).toBe(true);
  return lines.flatMap(pointsOfEmfLine);
}

const chunk: ChunkRecord = {
  ...{ at: 1_000, model: 'chat-small', heldMs: 250, ageSeconds: 90 },
  ...{ completed: 60, failed: 4, repeatedCalls: 2 },
};

describe('metrics of batches', () => {
  it('say how many lines were taken in, by model', () => {
    expect(told((metrics) => metrics.accepted({ at: 5, model: 'embed', lines: 640 }))).toEqual([
      {
        ...{ namespace: 'Spillway/Gateway', name: 'BatchLines', unit: 'Count', value: 640, at: 5 },
        dimensions: { Model: 'embed' },
      },
    ]);
  });

  it('say what became of a chunk, and how long it took', () => {
    const points = told((metrics) => metrics.chunkLeft(chunk));
    expect(points.map(({ name, value, unit }) => [name, value, unit])).toEqual([
      ['BatchLinesCompleted', 60, 'Count'],
      ['BatchLinesFailed', 4, 'Count'],
      ['BatchCallsRepeated', 2, 'Count'],
      ['BatchLineAge', 90, 'Seconds'],
      ['BatchChunkTime', 250, 'Milliseconds'],
    ]);
  });

  it('say of a chunk that goes back to its queue only that somebody had it', () => {
    const back = { ...chunk, completed: 0, failed: 0, repeatedCalls: 0 };
    expect(told((metrics) => metrics.chunkLeft(back)).map(({ name }) => name)).toEqual(['BatchChunkTime']);
    expect(told((metrics) => metrics.chunkLeft({ ...back, heldMs: 0 }))).toEqual([]);
  });
});
