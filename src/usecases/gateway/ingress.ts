import type { ModelConfig, SpillwayConfig } from '#contract/config.ts';
import { needsOf, type WorkKind, type WorkNeeds } from '#core/call/work.ts';
import { originOf } from '#core/health/origin.ts';
import type { Origin } from '#core/health/target-health.ts';
import type { Tenant } from '../ports/tenant-directory.ts';
import type { AskedWork, BodyViolation, CallPath, WireFormat } from './dialects/dialect.ts';
import type { GatewayRequest } from './gateway-request.ts';
import { printable } from './printable.ts';
import { readJsonBody } from './read-body.ts';
import { type RequestOptions, readRequestOptions } from './request-options.ts';
import { passed, type Refusal, refused, type Staged } from './stage.ts';

/** A call that may be decided: whole, in canonical form, for a model that the tenant may use. */
export interface IncomingCall {
  readonly work: AskedWork;
  readonly modelConfig: ModelConfig;
  readonly needs: WorkNeeds;
  readonly options: RequestOptions;
  /** Whose call it is and of what kind: a target that fails for one origin alone may be well. */
  readonly origin: Origin;
}

/** A message that lists more than this many violations helps nobody. */
const VIOLATIONS_SHOWN_MAX = 20;

export interface Incoming {
  readonly request: GatewayRequest;
  readonly tenant: Tenant;
  readonly dialect: WireFormat;
  readonly path: CallPath;
}

/** Stage 3. Size and shape, then the model; all violations of the body in one answer. Reads the body. */
export async function ingress(config: SpillwayConfig, incoming: Incoming): Promise<Staged<IncomingCall>> {
  const { request: arrived, tenant, dialect, path } = incoming;
  const options = readRequestOptions(arrived.headers, config.tenants[tenant.name]);
  if (!options.ok) return options;
  const readingBody = readJsonBody(arrived);
  const body = readingBody instanceof Promise ? await readingBody : readingBody;
  if (!body.ok) return body;
  const reading = dialect.read(body.value, path, arrived.headers);
  const call = reading instanceof Promise ? await reading : reading;
  if (!call.ok) return refused(invalidBody(call.violations));
  const { work } = call;
  const modelConfig = modelFor(config, tenant, work);
  if (!modelConfig.ok) return modelConfig;
  const needs = needsOf(work);
  const { inputTokensMin } = needs;
  return passed({
    work,
    modelConfig: modelConfig.value,
    needs,
    options: options.value,
    origin: originOf({ tenant: tenant.name, work: work.kind, inputTokensMin }),
  });
}

/** The names of the models that a tenant may use, in the order of the configuration. */
export function modelsOf(config: SpillwayConfig, tenant: Tenant): readonly string[] {
  return Object.keys(config.models).filter((name) => mayUse(tenant, name));
}

function modelFor(config: SpillwayConfig, tenant: Tenant, work: AskedWork): Staged<ModelConfig> {
  const name = work.request.model;
  const modelConfig = Object.hasOwn(config.models, name) ? config.models[name] : undefined;
  if (modelConfig === undefined) return refused(unknownModel(config, tenant, name));
  if (!mayUse(tenant, name)) {
    const message = `The model "${name}" is not among yours: ${modelsOf(config, tenant).join(', ')}.`;
    return refused({ code: 'model_not_allowed', message, param: 'model', model: name });
  }
  const kind = modelKindOf(work.kind);
  if (modelConfig.kind !== kind) {
    const others = modelsOf(config, tenant).filter((each) => config.models[each]?.kind === kind);
    const instead = others.length === 0 ? 'you have none that does' : `these do: ${others.join(', ')}`;
    const does = kind === 'chat' ? 'makes embeddings and does not chat' : 'chats and makes no embeddings';
    const message = `The model "${name}" ${does}; ${instead}.`;
    return refused({ code: 'invalid_request', message, param: 'model' });
  }
  return passed(modelConfig);
}

function modelKindOf(work: WorkKind): ModelConfig['kind'] {
  return work === 'embedding' ? 'embedding' : 'chat';
}

export function unknownModel(config: SpillwayConfig, tenant: Tenant, name: string): Refusal {
  const known = modelsOf(config, tenant).join(', ');
  return {
    code: 'model_not_found',
    message: `There is no model "${printable(name)}". Yours: ${known}.`,
    param: 'model',
  };
}

export function mayUse(tenant: Pick<Tenant, 'models'>, model: string): boolean {
  return tenant.models.includes('*') || tenant.models.includes(model);
}

function invalidBody(violations: readonly BodyViolation[]): Refusal {
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
