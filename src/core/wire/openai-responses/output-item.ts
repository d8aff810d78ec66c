import type { AnswerBlock } from '../../chat/fold-events.ts';
import { sealRedacted, sealSignature } from './sealed-thought.ts';

export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

export type OutputItem =
  | {
      readonly id: string;
      readonly type: 'message';
      readonly status: ItemStatus;
      readonly role: 'assistant';
      readonly content: readonly OutputText[];
    }
  | {
      readonly id: string;
      readonly type: 'function_call';
      readonly status: ItemStatus;
      readonly call_id: string;
      readonly name: string;
      readonly arguments: string;
    }
  | {
      readonly id: string;
      readonly type: 'reasoning';
      readonly status: ItemStatus;
      readonly summary: readonly SummaryText[];
      /** What proves the thought, to be given back with it. */
      readonly encrypted_content: string | null;
    };

export interface OutputText {
  readonly type: 'output_text';
  readonly text: string;
  readonly annotations: readonly never[];
  readonly logprobs: readonly never[];
}

interface SummaryText {
  readonly type: 'summary_text';
  readonly text: string;
}

export const outputText = (text: string): OutputText => ({
  type: 'output_text',
  text,
  annotations: [],
  logprobs: [],
});

export const summaryText = (text: string): SummaryText => ({ type: 'summary_text', text });

const prefixes = {
  text: 'msg',
  'tool-use': 'fc',
  reasoning: 'rs',
  'reasoning-redacted': 'rs',
} as const satisfies Record<AnswerBlock['kind'], string>;

/** The same in a plain and in a streamed answer: from the request and the item's place in the output. */
export function outputItemId(requestId: string, kind: AnswerBlock['kind'], position: number): string {
  return `${prefixes[kind]}_${requestId}_${position}`;
}

/** A block of an answer as an item of the output. */
export function outputItem(block: AnswerBlock, id: string, status: ItemStatus): OutputItem {
  switch (block.kind) {
    case 'text':
      return { id, type: 'message', status, role: 'assistant', content: [outputText(block.text)] };
    case 'tool-use':
      return {
        id,
        type: 'function_call',
        status,
        call_id: block.toolUseId,
        name: block.name,
        arguments: block.inputJson === '' ? '{}' : block.inputJson,
      };
    case 'reasoning':
      return {
        id,
        type: 'reasoning',
        status,
        summary: [summaryText(block.text)],
        encrypted_content: block.signature === undefined ? null : sealSignature(block.signature),
      };
    case 'reasoning-redacted':
      return {
        id,
        type: 'reasoning',
        status,
        summary: [],
        encrypted_content: sealRedacted(block.dataBase64),
      };
  }
}
