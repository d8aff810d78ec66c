import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { refusedAnthropicFields } from '#contract/anthropic-messages.ts';
import { refusedOpenAiFields } from '#contract/openai-chat.ts';
import { refusedResponsesFields } from '#contract/openai-responses.ts';

const text = readFileSync(new URL('../../docs/dialects.md', import.meta.url), 'utf8');

/** The rows of the table of refused fields in a section. */
function refusedIn(section: string): Record<string, string> {
  const body = text.split(/\n(?=##)/).find((part) => part.startsWith(`### ${section}\n`));
  if (body === undefined) throw new Error(`docs/dialects.md has no section ${section}`);
  const rows = body.matchAll(/^\| `([^`]+)` \| (.+) \|$/gm);
  return Object.fromEntries([...rows].map(([, field, reason]) => [field, reason]));
}

it.each([
  ['POST /v1/messages', refusedAnthropicFields],
  ['POST /v1/chat/completions', refusedOpenAiFields],
  ['POST /v1/responses', refusedResponsesFields],
])('docs/dialects.md tells what %s refuses, and why', (section, refused) => {
  expect(refusedIn(section)).toEqual(refused);
});
