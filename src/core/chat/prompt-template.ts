/**
 * A conversation as the one text that a model without a chat API reads, in the words that it was trained on. Pure.
 *
 * The mark of a text's beginning (BOS) is left out of all of them: who cuts the text into tokens adds it.
 */

/** The closed list of those that are known here. */
export const chatTemplates = ['chatml', 'llama-3', 'mistral-v1', 'mistral-v3'] as const;

export type ChatTemplate = (typeof chatTemplates)[number];

interface PlainTurn {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

export interface PlainConversation {
  /** Empty: none. */
  readonly system: string;
  /** Roles alternate; the user speaks first and last. */
  readonly turns: readonly PlainTurn[];
}

interface TemplateRules {
  write(conversation: PlainConversation): string;
  /** Words that end a turn, or begin one: a text that holds one could speak in another's name. */
  readonly controlWords: RegExp;
}

/** Inside of `<|` and `|>`: every control word of these families. */
const piped = /<\|\w+\|>/;

const rules: Readonly<Record<ChatTemplate, TemplateRules>> = {
  // github.com/openai/openai-python/blob/release-v0.28.0/chatml.md; tokenizer_config.json of the Qwen models.
  chatml: {
    controlWords: piped,
    write: (conversation) =>
      headed(conversation, (role, text) => `<|im_start|>${role}\n${text}<|im_end|>\n`).join('') +
      '<|im_start|>assistant\n',
  },
  // llama.com/docs/model-cards-and-prompt-formats/meta-llama-3
  'llama-3': {
    controlWords: piped,
    write: (conversation) =>
      `${headed(
        conversation,
        (role, text) => `<|start_header_id|>${role}<|end_header_id|>\n\n${text}<|eot_id|>`,
      ).join('')}<|start_header_id|>assistant<|end_header_id|>\n\n`,
  },
  // Both: docs.mistral.ai/cookbook/concept-deep-dive-tokenization-chat_templates
  'mistral-v1': {
    controlWords: /<\/?s>|\[\/?INST\]/,
    write: ({ system, turns }) =>
      turns
        .map(({ role, text }, index) =>
          role === 'user'
            ? `${index === 0 ? '' : ' '}[INST] ${index === 0 ? joined(system, text) : text} [/INST]`
            : ` ${text}</s>`,
        )
        .join(''),
  },
  'mistral-v3': {
    // Those of the later tokenizers too, which read this template as well.
    controlWords:
      /<\/?s>|\[\/?(?:INST|AVAILABLE_TOOLS|TOOL_RESULTS|SYSTEM_PROMPT)\]|\[TOOL_(?:CALLS|CONTENT)\]/,
    write: ({ system, turns }) =>
      turns
        .map(({ role, text }, index) =>
          role === 'user'
            ? `[INST] ${index === turns.length - 1 ? joined(system, text) : text}[/INST]`
            : ` ${text}</s>`,
        )
        .join(''),
  },
};

export function writePrompt(template: ChatTemplate, conversation: PlainConversation): string {
  return rules[template].write(conversation);
}

/**
 * The templates in which a text cannot be said: it holds one of their control words, which nothing can quote. TGI's own
 * mark of an image is one for all of them: a server of a model with eyes would fetch what it names.
 */
export function templatesBrokenBy(text: string): readonly ChatTemplate[] {
  if (!text.includes('<') && !text.includes('[')) return [];
  if (text.includes('![](')) return chatTemplates;
  return chatTemplates.filter((template) => rules[template].controlWords.test(text));
}

function headed(
  { system, turns }: PlainConversation,
  write: (role: string, text: string) => string,
): readonly string[] {
  const head = system === '' ? [] : [write('system', system)];
  return [...head, ...turns.map(({ role, text }) => write(role, text))];
}

function joined(system: string, text: string): string {
  return system === '' ? text : `${system}\n\n${text}`;
}
