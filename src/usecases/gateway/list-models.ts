import { answerJson, answerRefusal } from './answer.ts';
import { identify } from './identify.ts';
import { modelsOf, unknownModel } from './ingress.ts';
import type { Services } from './services.ts';
import type { Arrival } from './stage.ts';

/** GET /v1/models: the logical models that the tenant may use, as OpenAI lists them. */
export async function answerModels(services: Services, { request, requestId }: Arrival): Promise<Response> {
  const identified = await identify(services.tenants, request.headers);
  if (!identified.ok) return answerRefusal(identified.refusal, { requestId });
  const data = modelsOf(services.config, identified.value).map(modelObject);
  return answerJson({ object: 'list', data }, { requestId });
}

/** GET /v1/models/{id} */
export async function answerModel(
  services: Services,
  { request, requestId }: Arrival,
  name: string,
): Promise<Response> {
  const identified = await identify(services.tenants, request.headers);
  if (!identified.ok) return answerRefusal(identified.refusal, { requestId });
  const tenant = identified.value;
  return modelsOf(services.config, tenant).includes(name)
    ? answerJson(modelObject(name), { requestId, model: name })
    : answerRefusal(unknownModel(services.config, tenant, name), { requestId });
}

/** A logical model has no date of creation; clients want a number. */
function modelObject(id: string) {
  return { id, object: 'model', created: 0, owned_by: 'spillway' };
}
