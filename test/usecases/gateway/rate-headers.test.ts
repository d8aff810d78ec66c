import { expect, it } from 'vitest';
import { anthropicErrors } from '#usecases/gateway/dialects/anthropic-errors.ts';
import { openAiErrors } from '#usecases/gateway/dialects/openai-errors.ts';
import { rateHeaders } from '#usecases/gateway/rate-headers.ts';

const at = Date.UTC(2026, 10, 21, 8);
const tokens = { limit: 15_000, remaining: 2499.5, resetMs: 61_500 };

it('says what is left of each limit that there is, in whole units', () => {
  expect(rateHeaders({ tokens }, { errors: openAiErrors, at })).toEqual({
    'x-ratelimit-limit-tokens': '15000',
    'x-ratelimit-remaining-tokens': '2499',
    'x-ratelimit-reset-tokens': '1m1.5s',
  });
  expect(rateHeaders({}, { errors: anthropicErrors, at })).toEqual({});
});

it('adds what Anthropic’s clients look for, with times for durations', () => {
  expect(rateHeaders({ tokens }, { errors: anthropicErrors, at })).toMatchObject({
    'x-ratelimit-limit-tokens': '15000',
    'anthropic-ratelimit-tokens-limit': '15000',
    'anthropic-ratelimit-tokens-remaining': '2499',
    'anthropic-ratelimit-tokens-reset': '2026-11-21T08:01:01.500Z',
  });
});
