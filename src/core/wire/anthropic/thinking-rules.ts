import type { AnthropicBody } from './anthropic-body.ts';
import type { Report } from './report.ts';

const TOP_P_MIN = 0.95;

/** What Anthropic's models refuse beside thinking, said before a target is asked. */
export function checkThinking(body: AnthropicBody, report: Report): void {
  const { thinking, max_tokens: maxTokens, messages } = body;
  if (thinking === undefined || thinking.type === 'disabled') return;
  const budget = thinking.type === 'enabled' ? thinking.budget_tokens : 0;
  if (maxTokens !== undefined && budget >= maxTokens) {
    report(
      'thinking.budget_tokens',
      `must be less than max_tokens (${maxTokens}), which holds the thoughts too`,
    );
  }
  if (body.temperature !== undefined && body.temperature !== 1)
    report('temperature', 'must be 1 or left out with thinking');
  if (body.top_k !== undefined) report('top_k', 'must be left out with thinking');
  if (body.top_p !== undefined && body.top_p < TOP_P_MIN)
    report('top_p', `must be ${TOP_P_MIN} to 1 or left out with thinking`);
  if (body.tool_choice?.type === 'any' || body.tool_choice?.type === 'tool')
    report('tool_choice.type', 'must be auto or none with thinking');
  if (messages.at(-1)?.role === 'assistant')
    report(
      `messages[${messages.length - 1}]`,
      'must be of the user with thinking: no answer is continued then',
    );
}
