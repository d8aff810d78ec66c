/** Gateway responses: what a REST API answers by itself. */
import type { OwnResponse } from '../../lambda/front-doors/rest-api.ts';
import type { Cloud } from '../cloud.ts';
import type { ResourceHandler, ResourceRequest } from '../resource-handler.ts';
import type { Json } from '../template.ts';

/** Those of API Gateway. */
const types: ReadonlySet<string> = new Set([
  ...['ACCESS_DENIED', 'API_CONFIGURATION_ERROR', 'AUTHORIZER_CONFIGURATION_ERROR', 'AUTHORIZER_FAILURE'],
  ...['BAD_REQUEST_BODY', 'BAD_REQUEST_PARAMETERS', 'DEFAULT_4XX', 'DEFAULT_5XX', 'EXPIRED_TOKEN'],
  ...['INTEGRATION_FAILURE', 'INTEGRATION_TIMEOUT', 'INVALID_API_KEY', 'INVALID_SIGNATURE'],
  ...['MISSING_AUTHENTICATION_TOKEN', 'QUOTA_EXCEEDED', 'REQUEST_TOO_LARGE', 'RESOURCE_NOT_FOUND'],
  ...['THROTTLED', 'UNAUTHORIZED', 'UNSUPPORTED_MEDIA_TYPE', 'WAF_FILTERED'],
]);

export const apiResponse: ResourceHandler<Cloud> = {
  type: 'AWS::ApiGateway::GatewayResponse',
  properties: {
    ResponseParameters: 'json',
    ResponseTemplates: { 'application/json': 'text' },
    ResponseType: 'text',
    RestApiId: 'text',
    StatusCode: 'text',
  },
  required: ['ResponseType', 'RestApiId'],
  createOnly: ['ResponseType', 'RestApiId'],
  async create(request, cloud) {
    const type = String(request.properties.ResponseType);
    if (!types.has(type)) throw new Error(`BadRequestException: there is no response type ${type}`);
    set(request, cloud);
    return { physicalId: `${String(request.properties.RestApiId)}/${type}`, attributes: {} };
  },
  async update({ from, request }, cloud) {
    set(request, cloud);
    return from.made;
  },
  async remove({ request }, { restApis }) {
    const { RestApiId, ResponseType } = request.properties;
    restApis.find(String(RestApiId)).responses.delete(String(ResponseType));
  },
};

function set({ properties }: ResourceRequest, { restApis }: Cloud): void {
  const { ResponseParameters = {}, ResponseTemplates, ResponseType, RestApiId, StatusCode } = properties;
  const template = (ResponseTemplates as Json | undefined)?.['application/json'];
  const made: OwnResponse = {
    ...(StatusCode === undefined ? {} : { status: Number(StatusCode) }),
    headers: Object.fromEntries(Object.entries(ResponseParameters as Json).map(headerOf)),
    template: template === undefined ? '{"message":$context.error.messageString}' : String(template),
    answers: 0,
  };
  restApis.find(String(RestApiId)).responses.set(String(ResponseType), made);
}

/** Constants alone are served here, of which each stands in single quotes. */
function headerOf([name, value]: readonly [string, unknown]): readonly [string, string] {
  const [, header] = /^gatewayresponse\.header\.([\w-]+)$/.exec(name) ?? [];
  const [, constant] = /^'(.*)'$/.exec(String(value)) ?? [];
  if (header !== undefined && constant !== undefined) return [header, constant];
  throw new Error(`BadRequestException: Invalid mapping expression specified: ${name}: ${String(value)}`);
}
