/** Asking another target to go on where a broken answer stopped. */
import type { Target } from '../target.ts';
import type { ChatMessage, ChatRequest, ContentBlock } from './chat-request.ts';

/** What was shown of an answer before it broke: text, and nothing but text. */
export interface ShownText {
  readonly text: string;
  /** About one token each. */
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
 * The chat whose answer is the rest of a broken one. `instructed`: in words, for any target; otherwise the shown part
 * stands as the assistant's last message. A caller's bound on output tokens is what is left of it.
 */
export function continuedChat(request: ChatRequest, shown: ShownText, instructed: boolean): ChatRequest {
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
