import type { ContentBlock, ConverseRequest, Message } from '@aws-sdk/client-bedrock-runtime';
import { isHiddenThought, signatureOf } from '../../world/answers/think.ts';
import { isRecord } from '../../world/body-check.ts';
import { invalid } from './refusals.ts';

const BUDGET_TOKENS_MIN = 1_024;
const TOP_P_MIN = 0.95;

/** Tokens that the model may think in, where a checked request lets it. */
export function thinkingBudget(request: ConverseRequest): number | undefined {
  const thinking = thinkingField(request);
  return thinking?.type === 'enabled' ? Number(thinking.budget_tokens) : undefined;
}

/** Refuses what Anthropic's models refuse beside thinking, and thoughts that they did not think. */
export function checkThinking(request: ConverseRequest): void {
  request.messages?.forEach(checkThoughts);
  const thinking = thinkingField(request);
  if (thinking === undefined || thinking.type === 'disabled') return;
  if (thinking.type !== 'enabled')
    throw invalid('thinking.type: Input tag found does not match any of the expected tags');
  const budget = Number(thinking.budget_tokens);
  if (!(budget >= BUDGET_TOKENS_MIN))
    throw invalid('thinking.enabled.budget_tokens: Input should be greater than or equal to 1024');
  const { maxTokens, temperature, topP } = request.inferenceConfig ?? {};
  if (maxTokens !== undefined && budget >= maxTokens)
    throw invalid('`max_tokens` must be greater than `thinking.budget_tokens`.');
  if (temperature !== undefined && temperature !== 1)
    throw invalid('`temperature` may only be set to 1 when thinking is enabled.');
  if (topP !== undefined && topP < TOP_P_MIN)
    throw invalid('`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled.');
  if (field(request, 'top_k') !== undefined) throw invalid('`top_k` must be unset when thinking is enabled.');
  if (forcesTool(request)) throw invalid('Thinking may not be enabled when tool_choice forces tool use.');
  checkLastTurn(request.messages ?? []);
}

function forcesTool(request: ConverseRequest): boolean {
  const own = field(request, 'tool_choice');
  const { any, tool } = request.toolConfig?.toolChoice ?? {};
  return (
    any !== undefined || tool !== undefined || (isRecord(own) && own.type !== 'auto' && own.type !== 'none')
  );
}

/** In a loop of tool calls the model wants its thought back, before the call that came of it. */
function checkLastTurn(messages: readonly Message[]): void {
  const last = messages.findLastIndex(({ role }) => role === 'assistant');
  const content = messages[last]?.content ?? [];
  const answersCall = messages.at(-1)?.content?.some((block) => block.toolResult) ?? false;
  if (!answersCall || content[0]?.reasoningContent) return;
  throw invalid(
    `messages.${last}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${content[0]?.text === undefined ? 'tool_use' : 'text'}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block.`,
  );
}

function checkThoughts({ content }: Message, at: number): void {
  content?.forEach((block: ContentBlock, index) => {
    const { reasoningText, redactedContent } = block.reasoningContent ?? {};
    const where = `messages.${at}.content.${index}`;
    if (reasoningText && reasoningText.signature !== signatureOf(reasoningText.text ?? ''))
      throw invalid(`${where}: Invalid \`signature\` in \`thinking\` block`);
    if (redactedContent && !isHiddenThought(redactedContent))
      throw invalid(`${where}: Invalid \`data\` in \`redacted_thinking\` block`);
  });
}

function thinkingField(request: ConverseRequest): Readonly<Record<string, unknown>> | undefined {
  const thinking = field(request, 'thinking');
  return isRecord(thinking) ? thinking : undefined;
}

function field({ additionalModelRequestFields: fields }: ConverseRequest, name: string): unknown {
  return isRecord(fields) ? fields[name] : undefined;
}
