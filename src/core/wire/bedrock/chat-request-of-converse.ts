import type { BedrockOptions, ChatMessage, ChatRequest, ContentBlock } from '../../chat/chat-request.ts';
import { parseExactJson } from '../../units/exact-json.ts';
import { jsonLimitViolation } from '../json-limits.ts';
import { contentBlockOf, systemBlockOf } from './blocks-of-converse.ts';
import { checkModelFields } from './check-model-fields.ts';
import type { ConverseRequestBody } from './converse-request-body.ts';
import type { Report } from './report.ts';
import { checkToolResults, toolsOfConverse } from './tools-of-converse.ts';

interface BodyViolation {
  /** As one would write it in code: `messages[2].content[0].image.source.bytes`. */
  readonly path: string;
  readonly message: string;
}

export type TranslatedConverse =
  | { readonly ok: true; readonly request: ChatRequest }
  | { readonly ok: false; readonly violations: readonly BodyViolation[] };

/**
 * The canonical request of a checked body. What the shape alone cannot say is judged here, all violations at once.
 *
 * @param model the logical model that the path names
 */
export function chatRequestOfConverse(body: ConverseRequestBody, model: string): TranslatedConverse {
  const violations: BodyViolation[] = [];
  const report: Report = (path, message) => {
    violations.push({ path, message });
  };
  const messages = messagesOf(body, report);
  checkToolResults(body.messages, report);
  const tools = toolsOfConverse(body, report);
  checkModelFields(body.additionalModelRequestFields, report);
  const { reasoning, fields } = thinkingOf(body.additionalModelRequestFields);
  const bedrock = bedrockOptionsOf(body, fields);
  const request: ChatRequest = {
    model,
    system: (body.system ?? []).map(systemBlockOf),
    messages,
    inference: inferenceOf(body),
    tellsMalformedStop: true,
    ...(messages.at(-1)?.role === 'assistant' ? { continuesAssistant: true } : {}),
    ...(tools === undefined ? {} : { tools }),
    ...responseFormatOf(body, report),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(bedrock === undefined ? {} : { bedrock }),
  };
  return violations.length === 0 ? { ok: true, request } : { ok: false, violations };
}

/** Neighbours of one role become one message: targets want roles to alternate. */
function messagesOf(body: ConverseRequestBody, report: Report): readonly ChatMessage[] {
  if (body.messages[0]?.role === 'assistant')
    report('messages[0].role', 'must be user: the user speaks first');
  const merged: { readonly role: ChatMessage['role']; readonly content: ContentBlock[] }[] = [];
  for (const { role, content } of body.messages) {
    const blocks = content.map(contentBlockOf);
    const last = merged.at(-1);
    // Grown in place: a body may hold a hundred thousand neighbours, and copying what came before would be quadratic.
    if (last?.role === role) for (const block of blocks) last.content.push(block);
    else merged.push({ role, content: blocks });
  }
  return merged;
}

function inferenceOf({ inferenceConfig = {} }: ConverseRequestBody): ChatRequest['inference'] {
  const { maxTokens, temperature, topP, stopSequences } = inferenceConfig;
  return {
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(stopSequences === undefined || stopSequences.length === 0 ? {} : { stopSequences }),
  };
}

function responseFormatOf(body: ConverseRequestBody, report: Report): Pick<ChatRequest, 'responseFormat'> {
  const format = body.outputConfig?.textFormat?.structure.jsonSchema;
  if (format === undefined) return {};
  const path = 'outputConfig.textFormat.structure.jsonSchema.schema';
  const tooMuch = jsonLimitViolation(format.schema);
  const schema = tooMuch === undefined ? objectSchema(format.schema) : undefined;
  if (schema === undefined) {
    report(path, tooMuch ?? 'must be the JSON text of a schema with "type": "object" at its root');
  }
  const { name = 'answer', description } = format;
  const described = description === undefined || description === '' ? {} : { description };
  return { responseFormat: { kind: 'json-schema', name, ...described, schema: schema ?? {} } };
}

function objectSchema(text: string): object | undefined {
  try {
    const schema = parseExactJson(text);
    const fits =
      typeof schema === 'object' && schema !== null && 'type' in schema && schema.type === 'object';
    return fits ? schema : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A budget for thoughts is a field of Anthropic's models with a meaning of its own here: it keeps the request from
 * models that would refuse it. Written in any other way it is handed on like every field.
 */
function thinkingOf(fields: ConverseRequestBody['additionalModelRequestFields']): {
  readonly reasoning?: ChatRequest['reasoning'];
  readonly fields: ConverseRequestBody['additionalModelRequestFields'];
} {
  const { thinking, ...others } = fields ?? {};
  const budgetTokens = thinkingBudget(thinking);
  if (budgetTokens === undefined) return { fields };
  return { reasoning: { budgetTokens }, fields: Object.keys(others).length === 0 ? undefined : others };
}

function thinkingBudget(thinking: unknown): number | undefined {
  if (typeof thinking !== 'object' || thinking === null || Object.keys(thinking).length !== 2)
    return undefined;
  if (!('type' in thinking && 'budget_tokens' in thinking) || thinking.type !== 'enabled') return undefined;
  const { budget_tokens: budget } = thinking;
  return typeof budget === 'number' && Number.isSafeInteger(budget) && budget > 0 ? budget : undefined;
}

function bedrockOptionsOf(
  body: ConverseRequestBody,
  fields: ConverseRequestBody['additionalModelRequestFields'],
): BedrockOptions | undefined {
  const { guardrailConfig: guardrail, outputConfig } = body;
  const options: BedrockOptions = {
    ...(fields === undefined ? {} : { additionalModelRequestFields: fields }),
    ...present('additionalModelResponseFieldPaths', body.additionalModelResponseFieldPaths),
    ...present('serviceTier', body.serviceTier?.type),
    ...present('performanceLatency', body.performanceConfig?.latency),
    ...present('effort', outputConfig?.effort),
    ...present('requestMetadata', body.requestMetadata),
    ...(guardrail === undefined
      ? {}
      : {
          guardrail: {
            identifier: guardrail.guardrailIdentifier,
            version: guardrail.guardrailVersion,
            ...present('trace', guardrail.trace),
            ...present('streamProcessingMode', guardrail.streamProcessingMode),
          },
        }),
  };
  return Object.keys(options).length === 0 ? undefined : options;
}

function present<Name extends string, Value>(name: Name, value: Value | undefined) {
  return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: Value };
}
