import type { Cloud } from '../cloud.ts';
import type { Made, ResourceHandler, ResourceRequest } from '../resource-handler.ts';

/** What Lambda does of itself with calls that nobody waits for. */
const retriesDefault = 2;

export const eventInvokeConfig: ResourceHandler<Cloud> = {
  type: 'AWS::Lambda::EventInvokeConfig',
  properties: {
    FunctionName: 'text',
    MaximumEventAgeInSeconds: 'number',
    MaximumRetryAttempts: 'number',
    Qualifier: 'text',
  },
  required: ['FunctionName', 'Qualifier'],
  createOnly: ['FunctionName', 'Qualifier'],
  create: async (request, cloud) => set(request, cloud),
  update: async ({ request }, cloud) => set(request, cloud),
  async remove({ request }, { functions }) {
    functions.setRetries(functions.arnOf(String(request.properties.FunctionName), request), retriesDefault);
  },
};

function set(request: ResourceRequest, { functions }: Cloud): Made {
  const { FunctionName, MaximumRetryAttempts = retriesDefault, Qualifier } = request.properties;
  if (Qualifier !== '$LATEST') throw new Error(`Qualifier ${String(Qualifier)}: only $LATEST is called here`);
  const arn = functions.arnOf(String(FunctionName), request);
  functions.setRetries(arn, Number(MaximumRetryAttempts));
  return { physicalId: `${arn}|${Qualifier}`, attributes: {} };
}
