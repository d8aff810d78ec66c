import type {
  CountTokensRequest,
  CountTokensResponse,
  InvokeModelTokensRequest,
} from '@aws-sdk/client-bedrock-runtime';
import type { CallContext } from '../../service.ts';
import { countPromptTokens } from '../../world/answers/prompt.ts';
import { countTokens as countText } from '../../world/answers/tokens.ts';
import { isRecord } from '../../world/body-check.ts';
import type { World } from '../../world/world.ts';
import { findTarget, requireAccess } from './call-target.ts';
import { checkMessages, checkSystem } from './check-messages.ts';
import { checkTools } from './check-tools.ts';
import { conversePrompt } from './converse-prompt.ts';
import { parseJsonBody } from './json-body.ts';
import { invalid } from './refusals.ts';

/** Models whose cards say that they cannot count on this endpoint. */
const CANNOT_COUNT = ['anthropic.claude-opus-5-5', 'openai.gpt-6.1-sol'];

/** Input tokens that a call would be charged for. Runs no model, so a plain id is enough wherever a model stands. */
export function countTokens(
  world: World,
  request: CountTokensRequest,
  context: CallContext,
): CountTokensResponse {
  const target = findTarget(world, request.modelId, context);
  requireAccess(target, context);
  const { fact } = target.model;
  if (CANNOT_COUNT.includes(fact.modelId)) {
    throw invalid("The provided model doesn't support counting tokens.");
  }
  context.note({ servedRegion: context.region });
  const { converse, invokeModel } = request.input ?? {};
  if (invokeModel) return { inputTokens: countBody(invokeModel) };
  if (!converse) throw invalid('The input field must set one of the following keys: converse, invokeModel.');
  checkMessages(converse.messages, fact);
  checkSystem(converse.system);
  checkTools(converse.toolConfig, converse.messages ?? []);
  return { inputTokens: countPromptTokens(conversePrompt(converse)) };
}

/** A body holds its texts in different places for each model: texts, messages, system prompt, tools. */
function countBody(request: InvokeModelTokensRequest): number {
  const body = parseJsonBody(request.body);
  const { inputText, prompt, texts, system, messages, tools } = body;
  return [inputText, prompt, texts, system, messages, tools].reduce<number>(
    (total, value) => total + countValue(value),
    0,
  );
}

function countValue(value: unknown): number {
  if (typeof value === 'string') return countText(value);
  if (Array.isArray(value)) return value.reduce<number>((total, item) => total + countValue(item), 0);
  if (!isRecord(value)) return 0;
  if (typeof value.text === 'string') return countText(value.text);
  if ('content' in value) return countValue(value.content);
  return countText(JSON.stringify(value));
}
