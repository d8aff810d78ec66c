import { readFileSync } from 'node:fs';
import type { BetaStopReason } from '@anthropic-ai/sdk/resources/beta/messages/messages';
import { StopReason } from '@aws-sdk/client-bedrock-runtime';
import type OpenAI from 'openai';
import { expect, it } from 'vitest';
import {
  anthropicStopReasonOf,
  finishReasonOf,
  isMalformed,
  responseEndOf,
  stopReasonOfBedrock,
  stopReasonOfFinish,
  stopReasonOfTgi,
  stopReasons,
} from '#core/wire/stop-reasons.ts';

type FinishReason = OpenAI.ChatCompletion.Choice['finish_reason'];
type Incomplete = NonNullable<OpenAI.Responses.Response.IncompleteDetails['reason']>;

/** Every word of a client's types: one that a later version adds must be written here to compile. */
const openAi: Readonly<Record<FinishReason, true>> = {
  stop: true,
  length: true,
  tool_calls: true,
  content_filter: true,
  function_call: true,
};
const anthropic: Readonly<Record<BetaStopReason, true>> = {
  end_turn: true,
  max_tokens: true,
  stop_sequence: true,
  tool_use: true,
  pause_turn: true,
  compaction: true,
  refusal: true,
  model_context_window_exceeded: true,
};
const incomplete: Readonly<Record<Incomplete, true>> = {
  max_output_tokens: true,
  content_filter: true,
  max_messages: true,
  steered: true,
};
/** TGI's own interface description has no types to import: `FinishReason` there. */
const tgi = { length: true, eos_token: true, stop_sequence: true };

/** What a format has and no answer here has; the reasons stand in docs/dialects.md. */
const neverSaid = {
  openai: ['function_call'],
  anthropic: ['pause_turn', 'compaction'],
  responses: ['max_messages', 'steered'],
};

const words = (column: 'openai' | 'anthropic' | 'responses' | 'tgi') =>
  new Set(stopReasons.map((row) => row[column]).filter((word) => word !== null));

it.each([
  ['OpenAI’s chat', openAi, words('openai'), neverSaid.openai],
  ['Anthropic’s messages', anthropic, words('anthropic'), neverSaid.anthropic],
  ['OpenAI’s responses', { completed: true, ...incomplete }, words('responses'), neverSaid.responses],
  ['TGI’s own format', tgi, words('tgi'), []],
])('the table has every word of %s, and no other', (_, known, said, never) => {
  expect([...said, ...never].toSorted()).toEqual(Object.keys(known).toSorted());
});

it('has one row for each of Bedrock’s words, and reads it as itself', () => {
  const known = Object.values(StopReason);
  expect(stopReasons.map(({ reason }) => reason).toSorted()).toEqual(known.toSorted());
  for (const word of known) expect(stopReasonOfBedrock(word)).toBe(word);
  expect(stopReasonOfBedrock('refusal')).toBe('content_filtered');
  expect(stopReasonOfBedrock('because')).toBeUndefined();
});

it.each(stopReasons.map((row) => [row.reason, row] as const))(
  '%s is told in every format’s word',
  (reason, row) => {
    expect([finishReasonOf(reason), anthropicStopReasonOf(reason), responseEndOf(reason)]).toEqual([
      row.openai,
      row.anthropic,
      row.responses,
    ]);
    expect(isMalformed(reason)).toBe(reason.startsWith('malformed_'));
  },
);

it('reads back a word that means the same in its own format, and guesses none', () => {
  for (const { openai, tgi: engine } of stopReasons) {
    const finish = openai === null ? undefined : stopReasonOfFinish(openai);
    expect(finish === undefined ? null : finishReasonOf(finish)).toBe(openai);
    const read = engine === null ? undefined : stopReasonOfTgi(engine);
    expect(stopReasons.find((row) => row.reason === read)?.tgi ?? null).toBe(engine);
  }
  expect(stopReasonOfFinish('function_call')).toBe('tool_use');
  expect(stopReasonOfFinish('because')).toBeUndefined();
  expect(stopReasonOfTgi('because')).toBeUndefined();
});

it('is what docs/dialects.md shows, with the words that are never said', () => {
  const text = readFileSync(new URL('../../../docs/dialects.md', import.meta.url), 'utf8');
  const [, section = ''] = text.split('\n## How an answer ends\n');
  const cells = (line: string) => line.split('|').map((cell) => cell.trim().replaceAll('`', ''));
  const rows =
    section
      .split('\n## ')[0]
      ?.split('\n')
      .filter((line) => line.startsWith('| `')) ?? [];
  expect(rows.map((line) => cells(line).slice(1, 6))).toEqual(
    stopReasons.map(({ reason, ...others }) => [
      reason,
      ...[others.openai, others.anthropic, others.responses, others.tgi].map((word) => word ?? '–'),
    ]),
  );
  for (const word of Object.values(neverSaid).flat()) expect(section).toContain(`\`${word}\``);
});
