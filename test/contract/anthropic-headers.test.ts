import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { anthropicBetas, readAnthropicHeaders } from '#contract/anthropic-headers.ts';

const read = (headers: Record<string, string>) => readAnthropicHeaders(new Headers(headers));

it.each(['2023-06-01', '2026-10-21'])('knows the version %s', (version) => {
  expect(read({ 'anthropic-version': version })).toEqual({ betas: [], violations: [] });
});

it('needs no header at all', () => {
  expect(read({})).toEqual({ betas: [], violations: [] });
  expect(read({ 'anthropic-beta': ' , ' })).toEqual({ betas: [], violations: [] });
});

it('hands on what changes the answer, once, and drops what changes none', () => {
  const names = ['interleaved-thinking-2025-05-14', 'prompt-caching-2024-07-31', 'context-1m-2025-08-07'];
  const { betas, violations } = read({ 'anthropic-beta': [...names, ...names].join(', ') });
  expect(betas).toEqual(['interleaved-thinking-2025-05-14', 'context-1m-2025-08-07']);
  expect(violations).toEqual([]);
});

it('refuses what it does not know, all at once, and writes nothing that could break a line', () => {
  const { violations } = read({
    'anthropic-version': '2020-01-01',
    'anthropic-beta': 'dreams-2030-01-01,__proto__,\u00e9',
  });
  expect(violations.map(({ path }) => path)).toEqual([
    'anthropic-version',
    'anthropic-beta',
    'anthropic-beta',
    'anthropic-beta',
  ]);
  expect(violations.map(({ message }) => message).join('\n')).toMatch(
    /"dreams-2030-01-01".*"__proto__".*"\?"/s,
  );
});

it('knows what the official client sends by itself with messages', () => {
  const module = createRequire(import.meta.url).resolve('@anthropic-ai/sdk/resources/beta/messages/messages');
  const sent = [
    ...readFileSync(module, 'utf8').matchAll(/'anthropic-beta': [^\n]*'([a-z-]+\d{4}-\d{2}-\d{2})'/g),
  ];
  const names = sent.flatMap(([, name]) => name ?? []).filter((name) => !name.startsWith('message-batches'));
  expect(names.length).toBeGreaterThan(1);
  expect(names.filter((name) => anthropicBetas[name] === undefined)).toEqual([]);
});
