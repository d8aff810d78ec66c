import { expect, it } from 'vitest';
import { openAiDuration } from '#core/wire/openai/duration.ts';

it('writes durations as OpenAI does', () => {
  const cases = [0, 20, 999, 1000, 8640, 86_400, 360_000, 7_200_000, 3_661_500];
  expect(cases.map(openAiDuration)).toEqual([
    '0ms',
    '20ms',
    '999ms',
    '1s',
    '8.64s',
    '1m26.4s',
    '6m0s',
    '2h0m0s',
    '1h1m1.5s',
  ]);
});
