import type { ContentBlock, Message, SystemContentBlock } from '@aws-sdk/client-bedrock-runtime';
import type { ModelFact } from '../../world/facts.ts';
import { constraint, invalid } from './refusals.ts';

/** Input modality that a block needs. Documents are text once they are read. */
const MODALITIES: Readonly<Record<string, readonly string[]>> = {
  image: ['IMAGE'],
  video: ['VIDEO'],
  audio: ['AUDIO', 'SPEECH'],
};
const KNOWN_BLOCKS = [
  'text',
  'image',
  'document',
  'video',
  'audio',
  'toolUse',
  'toolResult',
  'guardContent',
  'cachePoint',
  'reasoningContent',
];

/** Refuses conversations that Bedrock refuses: empty, out of turn, blank, or of a kind that the model cannot read. */
export function checkMessages(messages: readonly Message[] | undefined, fact: ModelFact): void {
  if (!messages || messages.length === 0) {
    throw invalid('The messages field is empty. Add a message to the messages field and try again.');
  }
  messages.forEach((message, index) => {
    const { role, content } = message;
    if (role !== 'user' && role !== 'assistant') {
      throw constraint(
        role,
        `messages.${index + 1}.member.role`,
        'satisfy enum value set: [user, assistant]',
      );
    }
    if (index === 0 && role !== 'user') {
      throw invalid(
        'A conversation must start with a user message. Try again with a conversation that starts with a user message.',
      );
    }
    if (index > 0 && role === messages[index - 1]?.role) {
      throw invalid(
        'A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.',
      );
    }
    checkContent(content, `messages.${index}`, fact);
  });
}

/** Refuses blank system prompts. */
export function checkSystem(system: readonly SystemContentBlock[] | undefined): void {
  system?.forEach((block, index) => {
    if (block.text !== undefined && block.text.trim() === '') {
      throw invalid(
        `The text field in the SystemContentBlock object at system.${index} is blank. Add text to the text field, and try again.`,
      );
    }
  });
}

function checkContent(content: readonly ContentBlock[] | undefined, at: string, fact: ModelFact): void {
  if (!content || content.length === 0) {
    throw invalid(
      `The content field in the Message object at ${at} is empty. Add a ContentBlock object to the content field and try again.`,
    );
  }
  content.forEach((block, index) => {
    checkBlock(block, `${at}.content.${index}`, fact);
  });
}

function checkBlock(block: ContentBlock, at: string, fact: ModelFact): void {
  const kind = Object.keys(block).find((name) => block[name as keyof ContentBlock] !== undefined);
  if (kind === undefined || !KNOWN_BLOCKS.includes(kind)) {
    throw invalid(
      `The ContentBlock object at ${at} must set one of the following keys: ${KNOWN_BLOCKS.join(', ')}.`,
    );
  }
  if (block.text !== undefined && block.text.trim() === '') {
    throw invalid(
      `The text field in the ContentBlock object at ${at} is blank. Add text to the text field, and try again.`,
    );
  }
  const needed = Object.hasOwn(MODALITIES, kind) ? MODALITIES[kind] : undefined;
  if (needed && !needed.some((modality) => fact.input.includes(modality))) {
    throw invalid(`This model doesn't support the ${kind} field. Remove ${kind} and try again.`);
  }
}
