import { expect, it } from 'vitest';
import type { AnswerBlock } from '#core/chat/fold-events.ts';
import { outputItem, outputItemId } from '#core/wire/openai-responses/output-item.ts';

it.each([
  [
    { index: 0, kind: 'text', text: 'Yes.' },
    'msg_r_2',
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Yes.', annotations: [] }] },
  ],
  [
    { index: 0, kind: 'tool-use', toolUseId: 'a', name: 'look', inputJson: '' },
    'fc_r_2',
    { type: 'function_call', call_id: 'a', name: 'look', arguments: '{}' },
  ],
  [
    { index: 0, kind: 'reasoning', text: 'Hm.', signature: 'c2ln' },
    'rs_r_2',
    { type: 'reasoning', summary: [{ text: 'Hm.' }], encrypted_content: 'signature:c2ln' },
  ],
  [
    { index: 0, kind: 'reasoning', text: 'Hm.' },
    'rs_r_2',
    { type: 'reasoning', summary: [{ text: 'Hm.' }], encrypted_content: null },
  ],
  [
    { index: 0, kind: 'reasoning-redacted', dataBase64: 'AAAA' },
    'rs_r_2',
    { type: 'reasoning', summary: [], encrypted_content: 'redacted:AAAA' },
  ],
] satisfies [AnswerBlock, string, object][])('%j is an item of its own', (block, id, item) => {
  expect(outputItemId('r', block.kind, 2)).toBe(id);
  expect(outputItem(block, id, 'completed')).toMatchObject({ id, status: 'completed', ...item });
});
