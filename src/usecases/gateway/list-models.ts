import { anthropicHeaders } from '#contract/anthropic-headers.ts';
import { anthropicModel, modelPage } from '#core/wire/anthropic/model-page.ts';
import { answerJson, answerRefusal } from './answer.ts';
import { anthropicErrors } from './dialects/anthropic-errors.ts';
import { openAiErrors } from './dialects/openai-errors.ts';
import type { GatewayAnswer } from './gateway-answer.ts';
import { identify } from './identify.ts';
import { modelsOf, unknownModel } from './ingress.ts';
import type { Services } from './services.ts';
import type { Arrival } from './stage.ts';

/**
 * GET /v1/models: the logical models that the tenant may use, as OpenAI lists them; as Anthropic does where the
 * caller names Anthropic's version.
 */
export async function answerModels(services: Services, arrival: Arrival): Promise<GatewayAnswer> {
  const { request, requestId, url } = arrival;
  const identified = await identify(services.tenants, request);
  if (!identified.ok) return answerRefusal(identified.refusal, { requestId }, errorsFor(arrival));
  const names = modelsOf(services.config, identified.value);
  if (!speaksAnthropic(arrival)) {
    return answerJson({ object: 'list', data: names.map(modelObject) }, { requestId });
  }
  const page = modelPage(names, url.searchParams);
  if (page.ok) return inAnthropic(answerJson(page.body, { requestId }), requestId);
  const { param, message } = page;
  return answerRefusal({ code: 'invalid_request', message, param }, { requestId }, anthropicErrors);
}

/** GET /v1/models/{id} */
export async function answerModel(
  services: Services,
  arrival: Arrival,
  name: string,
): Promise<GatewayAnswer> {
  const { request, requestId } = arrival;
  const identified = await identify(services.tenants, request);
  if (!identified.ok) return answerRefusal(identified.refusal, { requestId }, errorsFor(arrival));
  const tenant = identified.value;
  const labels = { requestId, model: name };
  if (!modelsOf(services.config, tenant).includes(name))
    return answerRefusal(unknownModel(services.config, tenant, name), { requestId }, errorsFor(arrival));
  return speaksAnthropic(arrival)
    ? inAnthropic(answerJson(anthropicModel(name), labels), requestId)
    : answerJson(modelObject(name), labels);
}

function speaksAnthropic({ request }: Arrival): boolean {
  return request.headers.has(anthropicHeaders.version);
}

function errorsFor(arrival: Arrival) {
  return speaksAnthropic(arrival) ? anthropicErrors : openAiErrors;
}

function inAnthropic(response: GatewayAnswer, requestId: string): GatewayAnswer {
  response.headers.set('request-id', requestId);
  return response;
}

/** A logical model has no date of creation; clients want a number. */
function modelObject(id: string) {
  return { id, object: 'model', created: 0, owned_by: 'spillway' };
}
