import type { ChatFeature } from '../chat/chat-request.ts';

/**
 * The sentences in which models and containers were seen to refuse one feature of a chat that is well formed: not the
 * caller's fault, and nothing is wrong with the target. Nobody documents them, so few words are matched.
 *
 * Seen in: langchain-aws #447, pi #3739 (tools, tools in streams), amazon-bedrock-client-for-mac #112 and #137 (streams,
 * documents), harness-sdk #1241, vercel/ai #4396 and llama_index #23207 (tool choice), vercel/ai #14773 and #17197,
 * lgtmaybe #536 (structured outputs, and what they cannot be told), langchain-aws #1114, anthropic-sdk-python #1185
 * and leerie #157 (schemas too large to compile), botocore #3458 (Anthropic's tool choice `none`),
 * vllm #12937 (several tool calls in a turn), anything-llm #2486, chat-ui #1386 (system prompts), positron #12142 and
 * pi #2053 (prompt caching; some models say it as AccessDenied), opencode #29760 and beeai-framework #753 (assistant
 * prefix), vllm #9986 and #23402 (containers). Images and videos as documents are.
 */
const sentences: readonly { readonly feature: ChatFeature; readonly text: RegExp }[] = [
  { feature: 'streaming-tools', text: /tool use in streaming/i },
  { feature: 'streaming', text: /unsupported for streaming|n[o'\u2019]t support (response )?streaming/i },
  { feature: 'parallel-tools', text: /only supports single tool-calls at once/i },
  { feature: 'forbidden-tools', text: /input tag 'none' found using 'type' does not match any/i },
  {
    feature: 'tool-choice',
    text: /support the toolConfig\.toolChoice|type "tool" and "any" are not supported/i,
  },
  {
    feature: 'strict-tools',
    text: /extraneous key \[strict\]|\btools\.\d+\.(custom\.)?strict: Extra inputs|n[o'\u2019]t support (the )?(strict (tools?|tool use|mode)|toolSpec\.strict)/i,
  },
  {
    feature: 'native-json',
    text: /output_config\.format(: Extra inputs|\.schema\b)|Schemas contains too many|Schema is too complex|compiled grammar is too large|extraneous key \[(outputConfig|textFormat)\]|n[o'\u2019]t support (the )?(outputConfig|textFormat|structured outputs?)/i,
  },
  { feature: 'tools', text: /support tool use|support tools|requires --enable-auto-tool-choice/i },
  { feature: 'system-prompts', text: /support system (messages|prompts)|system role not supported/i },
  {
    feature: 'prompt-caching',
    text: /did not allow prompt caching|extraneous key \[cachePoint\]|(cachePoint|prompt caching)\b[^.]*(unsupported|n[o'\u2019]t (currently )?(support|permit|allow|available))|n[o'\u2019]t support (the )?(cachePoint|cache points?|prompt caching)/i,
  },
  {
    feature: 'assistant-prefix',
    text: /support assistant message prefill|requires the last turn in the conversation to be a user/i,
  },
  { feature: 'documents', text: mediaRefused('document') },
  { feature: 'images', text: mediaRefused('image', 'is not a multimodal model|at most 0 image') },
  { feature: 'videos', text: mediaRefused('video') },
];

/** Of the user's own turns: that another role may not carry one says nothing of the model. */
function mediaRefused(kind: string, others?: string): RegExp {
  const words = `support (${kind}s|the ${kind} (content block|field)(?! for (assistant|system)))`;
  return new RegExp(others === undefined ? words : `${words}|${others}`, 'i');
}

/** Matches every sentence of the table. */
export const featureRefusal: RegExp = new RegExp(sentences.map(({ text }) => text.source).join('|'), 'i');

/** A feature, and the words in which it was refused. */
interface HeardRefusal {
  readonly feature: ChatFeature;
  readonly words: string;
}

/** Whether the words are about the schema of an answer: the call's own, which says nothing of other calls. */
export function isAboutSchema(words: string | undefined): boolean {
  return (
    words !== undefined &&
    /^(output_config\.format\.schema|Schemas contains|Schema is too|compiled grammar)/i.test(words)
  );
}

/** Which feature an upstream's text refuses; undefined when it is about something else. */
export function refusedFeature(text: string): HeardRefusal | undefined {
  for (const sentence of sentences) {
    const words = sentence.text.exec(text)?.[0];
    if (words !== undefined) return { feature: sentence.feature, words };
  }
  return undefined;
}
