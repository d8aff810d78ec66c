/** A whole answer out of a stream's events: a pure step, so that plain and streamed answers come from one source. */
import type { BedrockReport, ModelEvent, StopReason, Usage } from './model-event.ts';

/** One block of an answer. `index` is the target's own number of it. */
export type AnswerBlock = { readonly index: number } & (
  | {
      readonly kind: 'text';
      readonly text: string;
      /** Where the text comes from, in Bedrock's own JSON. */
      readonly citations?: readonly Readonly<Record<string, unknown>>[] | undefined;
    }
  | { readonly kind: 'reasoning'; readonly text: string; readonly signature?: string | undefined }
  | { readonly kind: 'reasoning-redacted'; readonly dataBase64: string }
  | {
      readonly kind: 'tool-use';
      readonly toolUseId: string;
      readonly name: string;
      /** JSON text as the model wrote it; empty for a call without input. */
      readonly inputJson: string;
    }
);

export type AnsweredToolCall = AnswerBlock & { readonly kind: 'tool-use' };

export interface ChatAnswer {
  /** In the order in which they began. */
  readonly blocks: readonly AnswerBlock[];
  /** Undefined until the target said that its message ended. */
  readonly stopReason: StopReason | undefined;
  /** Undefined when the target reported none. */
  readonly usage: Usage | undefined;
  readonly additionalModelResponseFields?: unknown;
  readonly bedrock?: BedrockReport | undefined;
  /** What the target told beside, in the format of its caller. */
  readonly own?:
    | {
        readonly answer: Readonly<Record<string, unknown>>;
        readonly choice: Readonly<Record<string, unknown>>;
      }
    | undefined;
}

export const emptyAnswer: ChatAnswer = { blocks: [], stopReason: undefined, usage: undefined };

export function foldEvent(answer: ChatAnswer, event: ModelEvent): ChatAnswer {
  switch (event.type) {
    case 'text-delta':
    case 'citation':
    case 'reasoning-delta':
    case 'reasoning-signature':
    case 'reasoning-redacted':
    case 'tool-use-start':
    case 'tool-use-delta':
      return { ...answer, blocks: withPart(answer.blocks, event) };
    case 'message-stop': {
      const { stopReason, additionalModelResponseFields: fields } = event;
      return {
        ...answer,
        stopReason,
        ...(fields === undefined ? {} : { additionalModelResponseFields: fields }),
      };
    }
    case 'own-members': {
      const { own } = answer;
      return {
        ...answer,
        own: { answer: { ...own?.answer, ...event.answer }, choice: { ...own?.choice, ...event.choice } },
      };
    }
    case 'usage':
      return {
        ...answer,
        usage: event.usage,
        ...(event.bedrock === undefined ? {} : { bedrock: event.bedrock }),
      };
    default:
      return answer;
  }
}

/** A whole stream at once: as one event after another, but that texts in a row are joined before they are folded. */
export function foldEvents(events: readonly ModelEvent[]): ChatAnswer {
  let answer = emptyAnswer;
  for (let at = 0; at < events.length; ) {
    const event = events[at];
    at += 1;
    if (event === undefined) continue;
    if (event.type !== 'text-delta') {
      answer = foldEvent(answer, event);
      continue;
    }
    let { text } = event;
    for (
      let next = events[at];
      next?.type === 'text-delta' && next.index === event.index;
      next = events[at]
    ) {
      text += next.text;
      at += 1;
    }
    answer = foldEvent(answer, { ...event, text });
  }
  return answer;
}

/** All text of an answer. */
export function textOf({ blocks }: Pick<ChatAnswer, 'blocks'>): string {
  return blocks.map((block) => (block.kind === 'text' ? block.text : '')).join('');
}

/** All thoughts of an answer that the provider shows. */
export function reasoningOf({ blocks }: Pick<ChatAnswer, 'blocks'>): string {
  return blocks.map((block) => (block.kind === 'reasoning' ? block.text : '')).join('');
}

/** In the order in which they began. */
export function toolCallsOf({ blocks }: Pick<ChatAnswer, 'blocks'>): readonly AnsweredToolCall[] {
  return blocks.filter((block) => block.kind === 'tool-use');
}

type PartEvent = ModelEvent & {
  readonly index: number;
  readonly type: Exclude<ModelEvent['type'], 'block-stop'>;
};

/** The blocks with one more part: at the end of the block that it belongs to, or as the start of a new one. */
function withPart(blocks: readonly AnswerBlock[], event: PartEvent): readonly AnswerBlock[] {
  const at = blocks.findLastIndex((block) => block.index === event.index && takes(block, event));
  const known = blocks[at];
  if (known === undefined) {
    const begun = begunBy(event);
    return begun === undefined ? blocks : [...blocks, begun];
  }
  return blocks.with(at, extended(known, event));
}

function takes(block: AnswerBlock, event: PartEvent): boolean {
  switch (event.type) {
    case 'text-delta':
    case 'citation':
      return block.kind === 'text';
    case 'reasoning-delta':
    case 'reasoning-signature':
      return block.kind === 'reasoning';
    case 'tool-use-delta':
      return block.kind === 'tool-use';
    default:
      return false;
  }
}

function begunBy(event: PartEvent): AnswerBlock | undefined {
  const { index } = event;
  switch (event.type) {
    case 'text-delta':
      return { index, kind: 'text', text: event.text };
    case 'citation':
      return { index, kind: 'text', text: '', citations: [event.citation] };
    case 'reasoning-delta':
      return { index, kind: 'reasoning', text: event.text };
    case 'reasoning-signature':
      return { index, kind: 'reasoning', text: '', signature: event.signature };
    case 'reasoning-redacted':
      return { index, kind: 'reasoning-redacted', dataBase64: event.dataBase64 };
    case 'tool-use-start':
      return { index, kind: 'tool-use', toolUseId: event.toolUseId, name: event.name, inputJson: '' };
    default:
      return undefined;
  }
}

function extended(block: AnswerBlock, event: PartEvent): AnswerBlock {
  if (block.kind === 'text' && event.type === 'text-delta')
    return { ...block, text: block.text + event.text };
  if (block.kind === 'text' && event.type === 'citation')
    return { ...block, citations: [...(block.citations ?? []), event.citation] };
  if (block.kind === 'tool-use' && event.type === 'tool-use-delta')
    return { ...block, inputJson: block.inputJson + event.inputJson };
  if (block.kind === 'reasoning' && event.type === 'reasoning-delta')
    return { ...block, text: block.text + event.text };
  if (block.kind === 'reasoning' && event.type === 'reasoning-signature')
    return { ...block, signature: (block.signature ?? '') + event.signature };
  return block;
}
