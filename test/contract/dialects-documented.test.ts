import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { refusedAnthropicMembers } from '#contract/anthropic-blocks.ts';
import { anthropicBetas } from '#contract/anthropic-headers.ts';
import { refusedAnthropicFields } from '#contract/anthropic-messages.ts';
import { refusedInvokeFields } from '#contract/bedrock-anthropic.ts';
import { refusedConverseFields } from '#contract/bedrock-converse.ts';
import { refusedConverseMembers } from '#contract/bedrock-converse-parts.ts';
import { refusedEmbeddingMembers } from '#contract/bedrock-embeddings.ts';
import { refusedOpenAiFields } from '#contract/openai-chat.ts';
import { refusedResponsesFields, refusedResponsesMembers } from '#contract/openai-responses.ts';

const text = readFileSync(new URL('../../docs/dialects.md', import.meta.url), 'utf8');

/** The rows of the table of refused fields in a section. */
function refusedIn(section: string): Record<string, string> {
  const body = text.split(/\n(?=##)/).find((part) => part.startsWith(`### ${section}\n`));
  if (body === undefined) throw new Error(`docs/dialects.md has no section ${section}`);
  const rows = body.matchAll(/^\| `([^`]+)` \| (.+) \|$/gm);
  return Object.fromEntries([...rows].map(([, field, reason]) => [field, reason]));
}

it.each([
  ['POST /v1/messages', { ...refusedAnthropicFields, ...refusedAnthropicMembers }],
  ['POST /v1/chat/completions', refusedOpenAiFields],
  ['POST /v1/responses', { ...refusedResponsesFields, ...refusedResponsesMembers }],
  ['POST /model/{modelId}/invoke', { ...refusedInvokeFields, ...refusedEmbeddingMembers }],
  ['POST /model/{modelId}/converse', { ...refusedConverseFields, ...refusedConverseMembers }],
])('docs/dialects.md tells what %s refuses, and why', (section, refused) => {
  expect(refusedIn(section)).toEqual(refused);
});

it('docs/dialects.md names the previews of Anthropic’s that go on to a model, and no other', () => {
  const row = text.split('\n').find((line) => line.startsWith('| `anthropic-beta` |')) ?? '';
  const named = [...row.matchAll(/`([a-z0-9-]+-\d{4}-\d{2}-\d{2})`/g)].map(([, name]) => name);
  const passedOn = Object.keys(anthropicBetas).filter((name) => anthropicBetas[name] === 'passed-on');
  expect(named.toSorted()).toEqual(passedOn.toSorted());
});
