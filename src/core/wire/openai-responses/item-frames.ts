import type { AnswerBlock } from '../../chat/fold-events.ts';
import type { ModelEvent } from '../../chat/model-event.ts';
import { type OutputItem, outputItem, outputText, summaryText } from './output-item.ts';

/** An event of the stream before it has its number. */
export type Frame = { readonly type: string } & Readonly<Record<string, unknown>>;

/** That an item began, and its one part. */
export function addedFrames(block: AnswerBlock, id: string, place: number): readonly Frame[] {
  const at = { item_id: id, output_index: place };
  const added: Frame = { type: 'response.output_item.added', output_index: place, item: begun(block, id) };
  if (block.kind === 'text')
    return [added, { type: 'response.content_part.added', ...at, content_index: 0, part: outputText('') }];
  if (block.kind !== 'reasoning') return [added];
  return [
    added,
    { type: 'response.reasoning_summary_part.added', ...at, summary_index: 0, part: summaryText('') },
  ];
}

/** An item before its first word. */
function begun(block: AnswerBlock, id: string): OutputItem {
  switch (block.kind) {
    case 'text':
      return { id, type: 'message', status: 'in_progress', role: 'assistant', content: [] };
    case 'tool-use': {
      const { toolUseId, name } = block;
      return { id, type: 'function_call', status: 'in_progress', call_id: toolUseId, name, arguments: '' };
    }
    default:
      return { id, type: 'reasoning', status: 'in_progress', summary: [], encrypted_content: null };
  }
}

/** What one event adds to an item. A signature is shown with the item's end, an empty delta not at all. */
export function deltaFrames(event: ModelEvent, id: string, place: number): readonly Frame[] {
  const at = { item_id: id, output_index: place };
  switch (event.type) {
    case 'text-delta': {
      const delta = { delta: event.text, logprobs: [] };
      return event.text === ''
        ? []
        : [{ type: 'response.output_text.delta', ...at, content_index: 0, ...delta }];
    }
    case 'reasoning-delta': {
      const type = 'response.reasoning_summary_text.delta';
      return event.text === '' ? [] : [{ type, ...at, summary_index: 0, delta: event.text }];
    }
    case 'tool-use-delta': {
      const type = 'response.function_call_arguments.delta';
      return event.inputJson === '' ? [] : [{ type, ...at, delta: event.inputJson }];
    }
    default:
      return [];
  }
}

export interface EndedItem {
  readonly id: string;
  /** In the output. */
  readonly place: number;
  readonly status: 'completed' | 'incomplete';
}

/** That an item's part and the item ended, each with all of its content. */
export function doneFrames(block: AnswerBlock, { id, place, status }: EndedItem): readonly Frame[] {
  const at = { item_id: id, output_index: place };
  const item = outputItem(block, id, status);
  return [...partDoneFrames(block, at), { type: 'response.output_item.done', output_index: place, item }];
}

interface ItemPlace {
  readonly item_id: string;
  readonly output_index: number;
}

function partDoneFrames(block: AnswerBlock, at: ItemPlace): readonly Frame[] {
  switch (block.kind) {
    case 'text': {
      const { text } = block;
      return [
        { type: 'response.output_text.done', ...at, content_index: 0, text, logprobs: [] },
        { type: 'response.content_part.done', ...at, content_index: 0, part: outputText(text) },
      ];
    }
    case 'reasoning': {
      const { text } = block;
      return [
        { type: 'response.reasoning_summary_text.done', ...at, summary_index: 0, text },
        { type: 'response.reasoning_summary_part.done', ...at, summary_index: 0, part: summaryText(text) },
      ];
    }
    case 'tool-use': {
      const { name, inputJson } = block;
      const type = 'response.function_call_arguments';
      const done = { type: `${type}.done`, ...at, name, arguments: inputJson === '' ? '{}' : inputJson };
      // A call without input has no delta of its own, and readers that add up deltas would have no JSON.
      return inputJson === '' ? [{ type: `${type}.delta`, ...at, delta: '{}' }, done] : [done];
    }
    case 'reasoning-redacted':
      return [];
  }
}
