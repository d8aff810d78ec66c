import type { ConverseRequest, InferenceConfiguration } from '@aws-sdk/client-bedrock-runtime';
import { isRecord } from '../../world/body-check.ts';
import type { ModelFact } from '../../world/facts.ts';
import { checkAnswerSchema } from './check-answer-schema.ts';
import { checkMessages, checkSystem } from './check-messages.ts';
import { checkTools } from './check-tools.ts';
import { constraint, invalid } from './refusals.ts';

const SERVICE_TIERS = ['priority', 'default', 'flex', 'reserved'];
const LATENCIES = ['standard', 'optimized'];
const STOP_SEQUENCES_MAX = 2_500;
/** Model parameters outside of Converse's own that the models of the catalogue know. */
const MODEL_FIELDS = ['topK', 'inferenceConfig', 'reasoning_config', 'seed'];
/** Those that Anthropic's models alone know. */
const ANTHROPIC_FIELDS = ['top_k', 'thinking', 'anthropic_beta', 'tool_choice'];

/** Refuses what Bedrock refuses, and what this stand-in cannot do: nothing is accepted and then ignored. */
export function checkConverse(request: ConverseRequest, fact: ModelFact): void {
  if (!fact.output.includes('TEXT')) {
    throw invalid(
      "This action doesn't support the model that you provided. Try again with a supported text or chat model.",
    );
  }
  checkMessages(request.messages, fact);
  checkSystem(request.system);
  checkTools(request.toolConfig, request.messages ?? []);
  checkInferenceConfig(request.inferenceConfig ?? {}, fact);
  checkOutputConfig(request.outputConfig, fact);
  checkStrictTools(request.toolConfig, fact);
  checkToolChoice(request, fact);
  checkChoices(request);
  checkModelFields(request, fact);
}

function checkInferenceConfig(config: InferenceConfiguration, fact: ModelFact): void {
  const { maxTokens, temperature, topP, stopSequences } = config;
  if (maxTokens !== undefined && !(maxTokens >= 1)) {
    throw constraint(maxTokens, 'inferenceConfig.maxTokens', 'have value greater than or equal to 1');
  }
  if (maxTokens !== undefined && fact.outputTokensMax !== null && maxTokens > fact.outputTokensMax) {
    throw invalid(
      `The maximum tokens you requested exceeds the model limit of ${fact.outputTokensMax}. Try again with a maximum tokens value that is lower than ${fact.outputTokensMax}.`,
    );
  }
  checkShare(temperature, 'inferenceConfig.temperature');
  checkShare(topP, 'inferenceConfig.topP');
  if (stopSequences && stopSequences.length > STOP_SEQUENCES_MAX) {
    throw constraint(
      `${stopSequences.length} sequences`,
      'inferenceConfig.stopSequences',
      `have length less than or equal to ${STOP_SEQUENCES_MAX}`,
    );
  }
  if (stopSequences?.includes('')) {
    throw constraint('', 'inferenceConfig.stopSequences', 'have length greater than or equal to 1');
  }
}

function checkShare(value: number | undefined, member: string): void {
  if (value === undefined) return;
  if (!(value >= 0)) throw constraint(value, member, 'have value greater than or equal to 0');
  if (value > 1) throw constraint(value, member, 'have value less than or equal to 1');
}

function checkOutputConfig(config: ConverseRequest['outputConfig'], fact: ModelFact): void {
  const format = config?.textFormat;
  if (!format) return;
  if (format.type !== 'json_schema') {
    throw constraint(format.type, 'outputConfig.textFormat.type', 'satisfy enum value set: [json_schema]');
  }
  if (!fact.structuredOutputs) {
    throw invalid(
      'The model returned the following errors: output_config.format: Extra inputs are not permitted',
    );
  }
  checkAnswerSchema(parsedSchema(format.structure?.jsonSchema?.schema ?? ''));
}

/** One ability with the schema of an answer. */
function checkStrictTools(config: ConverseRequest['toolConfig'], fact: ModelFact): void {
  const index = config?.tools?.findIndex(({ toolSpec }) => toolSpec?.strict === true) ?? -1;
  if (index < 0 || fact.structuredOutputs) return;
  throw invalid(
    `The model returned the following errors: tools.${index}.custom.strict: Extra inputs are not permitted`,
  );
}

function parsedSchema(text: string): Record<string, unknown> {
  try {
    const schema: unknown = JSON.parse(text);
    if (isRecord(schema)) return schema;
  } catch {
    // Said below, for a schema that is no JSON as for one that is no object.
  }
  throw invalid(
    'The schema at outputConfig.textFormat.structure.jsonSchema.schema is not a valid JSON schema.',
  );
}

/** Some models of Anthropic's refuse every forced tool, in their own words; others one of Converse's choices. */
function checkToolChoice(
  { toolConfig, additionalModelRequestFields }: ConverseRequest,
  fact: ModelFact,
): void {
  const own: unknown = additionalModelRequestFields;
  const ownChoice = isRecord(own) && isRecord(own.tool_choice) ? own.tool_choice.type : undefined;
  const refused = fact.refusedToolChoices.find(
    (choice) => toolConfig?.toolChoice?.[choice] !== undefined || ownChoice === choice,
  );
  if (refused === undefined) return;
  if (fact.refusedToolChoices.length > 1) {
    throw invalid(
      'The model returned the following errors: tool_choice: type "tool" and "any" are not supported for this model.',
    );
  }
  throw invalid(
    `This model doesn't support the toolConfig.toolChoice.${refused} field. Remove toolConfig.toolChoice.${refused} and try again.`,
  );
}

function checkChoices(request: ConverseRequest): void {
  const tier = request.serviceTier?.type;
  if (tier !== undefined && !SERVICE_TIERS.includes(tier)) {
    throw constraint(tier, 'serviceTier.type', `satisfy enum value set: [${SERVICE_TIERS.join(', ')}]`);
  }
  const latency = request.performanceConfig?.latency;
  if (latency !== undefined && !LATENCIES.includes(latency)) {
    throw constraint(
      latency,
      'performanceConfig.latency',
      `satisfy enum value set: [${LATENCIES.join(', ')}]`,
    );
  }
  if (request.guardrailConfig)
    throw invalid('The guardrail identifier or version provided in the request does not exist.');
  if (request.promptVariables) {
    throw invalid('The promptVariables field is only supported with a prompt from Prompt management.');
  }
}

function checkModelFields(request: ConverseRequest, { modelId }: ModelFact): void {
  const fields: unknown = request.additionalModelRequestFields;
  if (fields === undefined) return;
  if (!isRecord(fields)) throw invalid('The additionalModelRequestFields field must be a JSON object.');
  const known = modelId.startsWith('anthropic.') ? [...MODEL_FIELDS, ...ANTHROPIC_FIELDS] : MODEL_FIELDS;
  const unknown = Object.keys(fields).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw invalid(
      `Malformed input request: #: extraneous key [${unknown}] is not permitted, please reformat your input and try again.`,
    );
  }
  if (fields.tool_choice !== undefined && request.toolConfig?.toolChoice) {
    throw invalid(
      'The additional field tool_choice conflicts with toolConfig.toolChoice. Remove one of them and try again.',
    );
  }
}
