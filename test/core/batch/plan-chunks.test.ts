import { expect, it } from 'vitest';
import { CHUNK_LINES_MAX, ChunkPlan } from '#core/batch/plan-chunks.ts';

function planOf(lengths: readonly number[]) {
  const plan = new ChunkPlan();
  let offset = 0;
  for (const [index, length] of lengths.entries()) {
    plan.add({ offset, length, number: index + 1 });
    offset += length;
  }
  return plan.ranges;
}

it('covers the file from end to end without a gap', () => {
  const ranges = planOf(Array.from({ length: 200 }, (_, index) => 10 + index));
  expect(ranges.map(({ lines }) => lines)).toEqual([64, 64, 64, 8]);
  for (const [index, range] of ranges.entries()) {
    const before = ranges[index - 1];
    expect(range.offset).toBe(before === undefined ? 0 : before.offset + before.bytes);
    expect(range.firstLine).toBe(index * CHUNK_LINES_MAX + 1);
  }
});

it('puts few long lines together, and one that is too long for company alone', () => {
  expect(planOf([3_000_000, 900_000, 900_000, 8_000_000, 1]).map(({ lines }) => lines)).toEqual([2, 1, 1, 1]);
});
