import type { Prompt } from '../../world/answers/prompt.ts';
import { countTokens } from '../../world/answers/tokens.ts';
import { isRecord } from '../../world/body-check.ts';
import type { ContainerBody } from './container-body.ts';
import { TgiError } from './container-error.ts';

/** A request in TGI's own format, read. */
export interface TgiRequest {
  readonly prompt: Prompt;
  readonly inputTokens: number;
  readonly outputTokensMax: number;
  readonly stopSequences: readonly string[];
  readonly details: boolean;
  readonly prefill: boolean;
}

/** As TGI's launcher has it. */
const STOP_SEQUENCES_MAX = 4;
/** Of TGI, where a request sets no bound. */
const OUTPUT_TOKENS_DEFAULT = 100;

/** Whether a body means TGI's own format: every path of SageMaker's is the same. */
export function meansTgi(body: ContainerBody): boolean {
  return typeof body.inputs === 'string';
}

/** @throws TgiError in the words of TGI's validation */
export function parseTgiRequest(
  body: ContainerBody,
  limits: { readonly contextTokensMax: number | undefined; readonly stream: boolean },
): TgiRequest {
  const inputs = String(body.inputs);
  const parameters = isRecord(body.parameters) ? body.parameters : {};
  if (inputs === '') throw invalid('`inputs` cannot be empty');
  checkSampling(parameters);
  const prefill = parameters.decoder_input_details === true;
  if (prefill && limits.stream)
    throw invalid('`decoder_input_details` == true is not supported when streaming tokens');
  const inputTokens = countTokens(inputs);
  const outputTokensMax = outputTokens(parameters.max_new_tokens);
  const most = limits.contextTokensMax;
  if (most !== undefined && inputTokens + outputTokensMax > most)
    throw invalid(
      `\`inputs\` tokens + \`max_new_tokens\` must be <= ${most}. Given: ${inputTokens} \`inputs\` tokens and ${outputTokensMax} \`max_new_tokens\``,
    );
  return {
    prompt: promptOf(inputs, parameters.grammar),
    inputTokens,
    outputTokensMax,
    stopSequences: stopSequences(parameters.stop),
    details: parameters.details === true || prefill,
    prefill,
  };
}

function checkSampling({ temperature, top_p: topP }: Readonly<Record<string, unknown>>): void {
  if (temperature !== undefined && temperature !== null && !(Number(temperature) > 0))
    throw invalid('`temperature` must be strictly positive');
  if (topP !== undefined && topP !== null && !(Number(topP) > 0 && Number(topP) < 1))
    throw invalid('`top_p` must be > 0.0 and < 1.0');
}

function outputTokens(value: unknown): number {
  if (value === undefined || value === null) return OUTPUT_TOKENS_DEFAULT;
  if (!Number.isInteger(value) || Number(value) < 1)
    throw invalid('`max_new_tokens` must be strictly positive');
  return Number(value);
}

function stopSequences(value: unknown): readonly string[] {
  const stops = Array.isArray(value) ? value.map(String) : [];
  if (stops.length > STOP_SEQUENCES_MAX)
    throw invalid(`\`stop\` supports up to ${STOP_SEQUENCES_MAX} stop sequences. Given: ${stops.length}`);
  return stops;
}

/** The words of prompt templates that say who speaks: a model reads through them. */
const TEMPLATE_WORDS =
  /<\|start_header_id\|>\w+<\|end_header_id\|>\n\n|<\|im_start\|>\w+\n|<\|\w+\|>|\[\/?INST\]|<\/s>/g;

function promptOf(inputs: string, grammar: unknown): Prompt {
  const text = inputs.replaceAll(TEMPLATE_WORDS, ' ').trim();
  const turns = [{ role: 'user' as const, parts: [{ kind: 'text' as const, text }] }];
  const plain: Prompt = { system: [], turns, tools: [], toolChoice: { kind: 'none' } };
  if (grammar === undefined || grammar === null) return plain;
  const schema = isRecord(grammar) && grammar.type === 'json' ? grammar.value : undefined;
  if (!isRecord(schema) || !isRecord(schema.properties))
    throw invalid("grammar is not valid: Grammar must have a 'properties' field");
  return { ...plain, answerSchema: schema };
}

function invalid(message: string): TgiError {
  return new TgiError(422, `Input validation error: ${message}`, 'validation');
}
