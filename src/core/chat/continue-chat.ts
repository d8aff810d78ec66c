/** Asking another target to go on where a broken answer stopped. */
import type { Target } from '../target.ts';
import { blocksOf } from './chat-needs.ts';
import type { ChatMessage, ChatRequest, ContentBlock } from './chat-request.ts';

/** What was shown of an answer before it broke. Thoughts before the text are done, and are not shown to the next. */
export interface ShownText {
  readonly text: string;
  /** Of text and thoughts: about one token each. */
  readonly deltas: number;
}

const INSTRUCTION =
  'Your answer above was cut off by a fault in transmission. Go on exactly where it stopped: repeat nothing of it, ' +
  'add no introduction and no remark about the interruption.';

/** Models that are known to go on from an assistant's last message. Later ones refuse it, others were not seen to. */
const prefixFamilies =
  /^anthropic\.claude-(3-|sonnet-4-2025|sonnet-4-5|haiku-4-5|opus-4-1-|opus-4-2025|opus-4-5)/;

/** Whether this target takes the shown part as the beginning of its own answer. */
export function takesPrefix({ kind, modelId }: Target, { reasoning }: ChatRequest): boolean {
  // An answer that begins with a thought cannot begin with given text.
  return kind === 'bedrock' && reasoning === undefined && prefixFamilies.test(modelId);
}

/**
 * Whether an answer to this chat can be gone on with once it has begun. JSON cannot: where a schema binds an answer, it
 * binds it from its first character on. Nor can text whose sources are to be named: those of the words before the break
 * may not have been told yet.
 */
export function canBeContinued(request: ChatRequest): boolean {
  return request.responseFormat === undefined && !blocksOf(request).some(namesSources);
}

function namesSources(block: ReturnType<typeof blocksOf>[number]): boolean {
  if ('document' in block) return block.document.citations === true;
  return 'bedrock' in block && 'searchResult' in block.bedrock.member;
}

/**
 * The chat whose answer is the rest of a broken one. `instructed`: in words, for any target; otherwise the shown part
 * stands as the assistant's last message. A caller's bound on output tokens is what is left of it. Nobody is asked to think
 * again: the answer had come to its text.
 */
export function continuedChat(asked: ChatRequest, shown: ShownText, instructed: boolean): ChatRequest {
  const request = withoutThinking(asked);
  const { maxTokens } = request.inference;
  const inference = {
    ...request.inference,
    ...(maxTokens === undefined ? {} : { maxTokens: Math.max(1, maxTokens - shown.deltas) }),
  };
  // Models refuse a beginning that ends in white space; `spliceEvents` takes it from what follows instead.
  const beginning = shown.text.trimEnd();
  if (beginning === '') return { ...request, inference };
  const answered = withAnswer(request.messages, beginning);
  if (!instructed) return { ...request, inference, messages: answered, continuesAssistant: true };
  const instruction: ChatMessage = { role: 'user', content: [{ text: INSTRUCTION }] };
  return { ...request, inference, messages: [...answered, instruction], continuesAssistant: false };
}

function withoutThinking(request: ChatRequest): ChatRequest {
  const { reasoning: _, ...others } = request;
  if (others.anthropic?.adaptiveThinking === undefined) return others;
  // The rest of it still binds the chat to Anthropic's models.
  return { ...others, anthropic: { ...others.anthropic, adaptiveThinking: undefined } };
}

/** Behind the last turn; or at the end of it, where the caller itself had begun the answer. */
function withAnswer(messages: readonly ChatMessage[], text: string): readonly ChatMessage[] {
  const last = messages.at(-1);
  if (last?.role !== 'assistant') return [...messages, { role: 'assistant', content: [{ text }] }];
  return [...messages.slice(0, -1), { ...last, content: extended(last.content, text) }];
}

function extended(content: readonly ContentBlock[], text: string): readonly ContentBlock[] {
  const end = content.at(-1);
  return end !== undefined && 'text' in end
    ? [...content.slice(0, -1), { ...end, text: end.text + text }]
    : [...content, { text }];
}
