import type { Work } from '../call/work.ts';
import { blocksOf, textsOf } from '../chat/chat-needs.ts';
import type { ChatRequest } from '../chat/chat-request.ts';

/** So many letters in a row are no chance: a protocol's own words are shorter, or stand beside others. */
const ECHO_CHARACTERS_MIN = 12;

/**
 * Whether words in which a target was heard to speak of itself may be its caller's own. Targets repeat what they refuse
 * ("my field: Extra inputs are not permitted"), and a caller that names a field well could have them say of themselves
 * what takes them from everybody. Either end of the words is enough: the rest can be the target's own.
 *
 * @param labels what else of its body a target is sent
 */
export function areCallersWords(heard: string, work: Work, labels?: unknown): boolean {
  const words = heard.toLowerCase();
  const ends = [words.slice(0, ECHO_CHARACTERS_MIN), words.slice(-ECHO_CHARACTERS_MIN)];
  const written = writtenBy(work, labels).toLowerCase();
  return ends.some((end) => written.includes(end));
}

/** Whatever a caller words freely, values and names alike; the members of the protocol are not its own. */
function writtenBy(work: Work, labels: unknown): string {
  if (work.kind === 'embedding') return work.request.texts.join('\n');
  const { request } = work;
  const { additionalModelRequestFields, additionalModelResponseFieldPaths, requestMetadata, guardrail } =
    request.bedrock ?? {};
  const named = [
    request.tools?.specifications.map(({ name, description, inputSchema }) => [
      name,
      description,
      inputSchema,
    ]),
    request.responseFormat,
    request.inference.stopSequences,
    [additionalModelRequestFields, additionalModelResponseFieldPaths, requestMetadata, guardrail],
    request.anthropic?.betas,
    blocksOf(request).map(ownWords),
    namesIn(request),
    labels,
  ];
  return [...textsOf(blocksOf(request)), JSON.stringify(named)].join('\n');
}

/** What of a part is no text, and its caller's all the same. */
function ownWords(block: ReturnType<typeof blocksOf>[number]): unknown {
  if ('document' in block) return block.document.name;
  return 'bedrock' in block ? block.bedrock.member : undefined;
}

function namesIn({ messages }: ChatRequest): readonly string[] {
  return messages.flatMap(({ content }) =>
    content.flatMap((block) => {
      if ('toolUse' in block) return [block.toolUse.toolUseId, block.toolUse.name];
      return 'toolResult' in block ? [block.toolResult.toolUseId] : [];
    }),
  );
}
