import { describe, expect, it } from 'vitest';
import { addedFrames, deltaFrames, doneFrames } from '#core/wire/openai-responses/item-frames.ts';

const call = { index: 4, kind: 'tool-use', toolUseId: 'a', name: 'look', inputJson: '' } as const;
const thought = { index: 1, kind: 'reasoning', text: 'Hm.', signature: 'c2ln' } as const;

describe('the frames of an item', () => {
  it('begin with the item before its first word', () => {
    expect(addedFrames({ index: 0, kind: 'text', text: 'Yes' }, 'msg_1', 0)).toMatchObject([
      { type: 'response.output_item.added', output_index: 0, item: { id: 'msg_1', content: [] } },
      { type: 'response.content_part.added', item_id: 'msg_1', content_index: 0, part: { text: '' } },
    ]);
    expect(addedFrames(call, 'fc_1', 1)).toMatchObject([{ item: { call_id: 'a', arguments: '' } }]);
    expect(addedFrames(thought, 'rs_1', 0)).toMatchObject([
      { item: { type: 'reasoning', summary: [] } },
      { type: 'response.reasoning_summary_part.added', summary_index: 0 },
    ]);
  });

  it('say nothing of an empty delta or a signature', () => {
    expect(deltaFrames({ type: 'text-delta', index: 0, text: '' }, 'm', 0)).toEqual([]);
    expect(deltaFrames({ type: 'reasoning-delta', index: 0, text: '' }, 'm', 0)).toEqual([]);
    expect(deltaFrames({ type: 'tool-use-delta', index: 0, inputJson: '' }, 'm', 0)).toEqual([]);
    expect(deltaFrames({ type: 'reasoning-signature', index: 0, signature: 'x' }, 'm', 0)).toEqual([]);
  });

  it('give a call without input the arguments that its deltas lack', () => {
    const at = { id: 'fc_1', place: 1, status: 'completed' } as const;
    expect(doneFrames(call, at)).toMatchObject([
      { type: 'response.function_call_arguments.delta', delta: '{}' },
      { type: 'response.function_call_arguments.done', arguments: '{}', name: 'look' },
      { type: 'response.output_item.done', item: { arguments: '{}', status: 'completed' } },
    ]);
  });

  it('end a thought with its proof', () => {
    const frames = doneFrames(thought, { id: 'rs_1', place: 0, status: 'completed' });
    expect(frames.at(-1)).toMatchObject({ item: { encrypted_content: 'signature:c2ln' } });
  });
});
