import type { ModelConfig, SpillwayConfig } from '#contract/config.ts';
import { openAiChatSchema } from '#contract/openai-chat.ts';
import { openAiChatViolations } from '#contract/openai-chat-violations.ts';
import { chatNeeds, inputTokensCeiling } from '#core/chat/chat-needs.ts';
import type { ChatNeeds, ChatRequest } from '#core/chat/chat-request.ts';
import { chatRequestOfOpenAi } from '#core/wire/openai/chat-request-of-openai.ts';
import type { Tenant } from '../ports/tenant-directory.ts';
import { printable } from './place.ts';
import { readJsonBody } from './read-body.ts';
import { type RequestOptions, readRequestOptions } from './request-options.ts';
import { passed, type Refusal, refused, type Staged } from './stage.ts';

/** A chat that may be decided: whole, in canonical form, for a model that the tenant may use. */
export interface IncomingChat {
  readonly request: ChatRequest;
  readonly modelConfig: ModelConfig;
  readonly needs: ChatNeeds;
  readonly inputTokensCeiling: number;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly options: RequestOptions;
}

/** A message that lists more than this many violations helps nobody. */
const VIOLATIONS_SHOWN_MAX = 20;

/** Stage 3. Size and shape, then the model; all violations of the body in one answer. Reads the body. */
export async function ingress(
  config: SpillwayConfig,
  tenant: Tenant,
  request: Request,
): Promise<Staged<IncomingChat>> {
  const options = readRequestOptions(request.headers);
  if (!options.ok) return options;
  const body = await readJsonBody(request);
  if (!body.ok) return body;
  const parsed = openAiChatSchema.safeParse(body.value);
  if (!parsed.success) return refused(invalidBody(openAiChatViolations(parsed.error.issues)));
  const modelConfig = modelFor(config, tenant, parsed.data.model);
  if (!modelConfig.ok) return modelConfig;
  const translated = chatRequestOfOpenAi(parsed.data);
  if (!translated.ok) return refused(invalidBody(translated.violations));
  const stream = parsed.data.stream === true;
  return passed({
    request: translated.request,
    modelConfig: modelConfig.value,
    needs: chatNeeds(translated.request, stream),
    inputTokensCeiling: inputTokensCeiling(translated.request),
    stream,
    includeUsage: parsed.data.stream_options?.include_usage === true,
    options: options.value,
  });
}

/** The names of the models that a tenant may use, in the order of the configuration. */
export function modelsOf(config: SpillwayConfig, tenant: Tenant): readonly string[] {
  return Object.keys(config.models).filter((name) => mayUse(tenant, name));
}

function modelFor(config: SpillwayConfig, tenant: Tenant, name: string): Staged<ModelConfig> {
  const modelConfig = Object.hasOwn(config.models, name) ? config.models[name] : undefined;
  if (modelConfig === undefined) return refused(unknownModel(config, tenant, name));
  if (!mayUse(tenant, name)) {
    const message = `The model "${name}" is not among yours: ${modelsOf(config, tenant).join(', ')}.`;
    return refused({ code: 'model_not_allowed', message, param: 'model' });
  }
  if (modelConfig.kind !== 'chat') {
    const message = `The model "${name}" makes embeddings and does not chat.`;
    return refused({ code: 'invalid_request', message, param: 'model' });
  }
  return passed(modelConfig);
}

export function unknownModel(config: SpillwayConfig, tenant: Tenant, name: string): Refusal {
  const known = modelsOf(config, tenant).join(', ');
  return {
    code: 'model_not_found',
    message: `There is no model "${printable(name)}". Yours: ${known}.`,
    param: 'model',
  };
}

function mayUse(tenant: Tenant, model: string): boolean {
  return tenant.models.includes('*') || tenant.models.includes(model);
}

function invalidBody(violations: readonly { readonly path: string; readonly message: string }[]): Refusal {
  const shown = violations
    .slice(0, VIOLATIONS_SHOWN_MAX)
    .map(({ path, message }) => `${path || 'body'}: ${message}`);
  const rest = violations.length - shown.length;
  const more = rest > 0 ? `; and ${rest} more` : '';
  return {
    code: 'invalid_request',
    message: `${shown.join('; ')}${more}`,
    param: violations[0]?.path || undefined,
  };
}
