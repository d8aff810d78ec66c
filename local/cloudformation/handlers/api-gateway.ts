/** REST APIs: resources, methods, what is deployed of them, and stages, which are real servers on loopback. */
import { createHash } from 'node:crypto';
import type { Cloud } from '../cloud.ts';
import { type ApiMethod, rootIdOf } from '../parts/rest-api-book.ts';
import { accountOf, regionOf } from '../parts/service-access.ts';
import type { ResourceHandler, ResourceRequest } from '../resource-handler.ts';
import type { Json } from '../template.ts';
import { tagsShape } from './kept-resource.ts';

/** As API Gateway's own: ten letters and digits. */
function shortId(request: ResourceRequest): string {
  return createHash('sha256')
    .update(`${request.account}/${request.region}/${request.nameOf(200)}`)
    .digest('hex')
    .slice(0, 10);
}

export const restApi: ResourceHandler<Cloud> = {
  type: 'AWS::ApiGateway::RestApi',
  properties: {
    Description: 'text',
    DisableExecuteApiEndpoint: 'boolean',
    EndpointConfiguration: { Types: ['text'] },
    Name: 'text',
    Tags: tagsShape,
  },
  required: ['Name'],
  createOnly: [],
  async create(request, { restApis }) {
    const { Types = ['EDGE'] } = (request.properties.EndpointConfiguration ?? {}) as { Types?: string[] };
    if (Types.join() !== 'REGIONAL')
      throw new Error(`EndpointConfiguration.Types ${Types.join()}: served is REGIONAL`);
    const id = shortId(request);
    restApis.create(id, request);
    return { physicalId: id, attributes: { RootResourceId: rootIdOf(id), RestApiId: id } };
  },
  update: async ({ from }) => from.made,
  remove: ({ made }, { restApis }) => restApis.remove(made.physicalId),
};

export const apiResource: ResourceHandler<Cloud> = {
  type: 'AWS::ApiGateway::Resource',
  properties: { ParentId: 'text', PathPart: 'text', RestApiId: 'text' },
  required: ['ParentId', 'PathPart', 'RestApiId'],
  createOnly: ['ParentId', 'PathPart', 'RestApiId'],
  async create(request, { restApis }) {
    const { ParentId, PathPart, RestApiId } = request.properties;
    const { resources } = restApis.find(String(RestApiId));
    const parent = resources.get(String(ParentId));
    if (parent === undefined) throw new Error(`NotFoundException: there is no resource ${String(ParentId)}`);
    const id = shortId(request);
    resources.set(id, `${parent === '/' ? '' : parent}/${String(PathPart)}`);
    return { physicalId: id, attributes: { ResourceId: id } };
  },
  async remove({ request, made }, { restApis }) {
    restApis.find(String(request.properties.RestApiId)).resources.delete(made.physicalId);
  },
};

export const apiMethod: ResourceHandler<Cloud> = {
  type: 'AWS::ApiGateway::Method',
  properties: {
    AuthorizationType: 'text',
    HttpMethod: 'text',
    Integration: {
      IntegrationHttpMethod: 'text',
      ResponseTransferMode: 'text',
      TimeoutInMillis: 'number',
      Type: 'text',
      Uri: 'text',
    },
    ResourceId: 'text',
    RestApiId: 'text',
  },
  required: ['HttpMethod', 'ResourceId', 'RestApiId', 'Integration'],
  createOnly: ['HttpMethod', 'ResourceId', 'RestApiId'],
  async create(request, cloud) {
    const method = readMethod(request, cloud);
    const id = `${method.httpMethod} ${method.path}`;
    cloud.restApis.find(String(request.properties.RestApiId)).methods.set(id, method);
    return { physicalId: id, attributes: {} };
  },
  async update({ from, request }, cloud) {
    const { methods } = cloud.restApis.find(String(request.properties.RestApiId));
    methods.set(from.made.physicalId, readMethod(request, cloud));
    return from.made;
  },
  async remove({ request, made }, { restApis }) {
    restApis.find(String(request.properties.RestApiId)).methods.delete(made.physicalId);
  },
};

/** The longest that a streaming integration may take; others end at 29 s. */
const streamMsMax = 900_000;
const bufferedMsMax = 29_000;

function readMethod({ properties }: ResourceRequest, { restApis, functions }: Cloud): ApiMethod {
  const { AuthorizationType = 'NONE', HttpMethod, ResourceId, RestApiId } = properties;
  const {
    IntegrationHttpMethod,
    ResponseTransferMode = 'BUFFERED',
    TimeoutInMillis = bufferedMsMax,
    Type,
    Uri,
  } = properties.Integration as Json;
  const path = restApis.find(String(RestApiId)).resources.get(String(ResourceId));
  if (path === undefined) throw new Error(`NotFoundException: there is no resource ${String(ResourceId)}`);
  if (AuthorizationType !== 'NONE')
    throw new Error(`AuthorizationType ${String(AuthorizationType)}: served is NONE`);
  if (Type !== 'AWS_PROXY' || IntegrationHttpMethod !== 'POST') {
    throw new Error(
      `an integration of a function is AWS_PROXY by POST, not ${String(Type)} by ${String(IntegrationHttpMethod)}`,
    );
  }
  const isStream = ResponseTransferMode === 'STREAM';
  if (Number(TimeoutInMillis) > (isStream ? streamMsMax : bufferedMsMax)) {
    throw new Error(
      `TimeoutInMillis ${String(TimeoutInMillis)} is more than ${isStream ? streamMsMax : bufferedMsMax}`,
    );
  }
  const [, version, functionArn = '', end] =
    /^arn:aws:apigateway:[a-z0-9-]+:lambda:path\/([\d-]+)\/functions\/([^/]+)\/([a-z-]+)$/.exec(
      String(Uri),
    ) ?? [];
  const [wantedVersion, wantedEnd] = isStream
    ? ['2021-11-15', 'response-streaming-invocations']
    : ['2015-03-31', 'invocations'];
  if (version !== wantedVersion || end !== wantedEnd) {
    throw new Error(
      `Uri ${String(Uri)}: ${String(ResponseTransferMode)} wants ${wantedVersion} and ${wantedEnd}`,
    );
  }
  functions.find(functionArn);
  return {
    path,
    httpMethod: String(HttpMethod),
    functionArn,
    transferMode: isStream ? 'STREAM' : 'BUFFERED',
  };
}

export const apiDeployment: ResourceHandler<Cloud> = {
  type: 'AWS::ApiGateway::Deployment',
  properties: { Description: 'text', RestApiId: 'text' },
  required: ['RestApiId'],
  createOnly: ['RestApiId'],
  async create(request, { restApis }) {
    const { deployments, methods } = restApis.find(String(request.properties.RestApiId));
    if (methods.size === 0) throw new Error('BadRequestException: The REST API doesn’t contain any methods');
    const id = shortId(request);
    deployments.set(id, [...methods.values()]);
    return { physicalId: id, attributes: { DeploymentId: id } };
  },
  async remove({ request, made }, { restApis }) {
    restApis.find(String(request.properties.RestApiId)).deployments.delete(made.physicalId);
  },
};

export const apiStage: ResourceHandler<Cloud> = {
  type: 'AWS::ApiGateway::Stage',
  properties: {
    AccessLogSetting: { DestinationArn: 'text', Format: 'text' },
    DeploymentId: 'text',
    Description: 'text',
    MethodSettings: [
      {
        DataTraceEnabled: 'boolean',
        HttpMethod: 'text',
        LoggingLevel: 'text',
        MetricsEnabled: 'boolean',
        ResourcePath: 'text',
        ThrottlingBurstLimit: 'number',
        ThrottlingRateLimit: 'number',
      },
    ],
    RestApiId: 'text',
    StageName: 'text',
    Tags: tagsShape,
  },
  required: ['RestApiId', 'StageName', 'DeploymentId'],
  createOnly: ['RestApiId', 'StageName'],
  async create(request, cloud) {
    await open(request, cloud);
    return { physicalId: String(request.properties.StageName), attributes: {} };
  },
  async update({ from, request }, cloud) {
    await open(request, cloud);
    return from.made;
  },
  async remove({ request, made }, { restApis }) {
    const { stages } = restApis.find(String(request.properties.RestApiId));
    await stages.get(made.physicalId)?.close();
    stages.delete(made.physicalId);
  },
};

async function open({ properties, account, region }: ResourceRequest, cloud: Cloud): Promise<void> {
  const { AccessLogSetting, DeploymentId, RestApiId, StageName, MethodSettings = [] } = properties;
  const log = (AccessLogSetting as Json | undefined)?.DestinationArn;
  if (log !== undefined && !cloud.kept.has(String(log)) && !cloud.kept.has(`${String(log)}:*`)) {
    throw new Error(`BadRequestException: there is no log group ${String(log)}`);
  }
  const logs = (MethodSettings as Json[]).some(({ LoggingLevel = 'OFF' }) => LoggingLevel !== 'OFF');
  if ((logs || log !== undefined) && !cloud.kept.has(accountKey(account, region))) {
    throw new Error(
      'BadRequestException: CloudWatch Logs role ARN must be set in account settings to enable logging',
    );
  }
  await cloud.restApis.openStage(String(RestApiId), String(StageName), String(DeploymentId));
}

const accountKey = (account: string, region: string): string =>
  `arn:aws:apigateway:${region}::/account/${account}`;

/** One setting of an account and region: by which role API Gateway writes its logs. */
export const apiAccount: ResourceHandler<Cloud> = {
  type: 'AWS::ApiGateway::Account',
  properties: { CloudWatchRoleArn: 'text' },
  required: [],
  createOnly: [],
  async create({ properties, account, region }, { access, kept }) {
    const roleArn = String(properties.CloudWatchRoleArn);
    if (accountOf(roleArn) !== account) throw new Error(`the role ${roleArn} is not of account ${account}`);
    await access.assume('apigateway.amazonaws.com', roleArn, { account, region });
    for (const action of ['logs:CreateLogGroup', 'logs:PutLogEvents']) {
      const resource = `arn:aws:logs:${region}:${account}:log-group:API-Gateway-Execution-Logs_any/live`;
      const asked = action === 'logs:PutLogEvents' ? `${resource}:log-stream:any` : resource;
      await access.require(roleArn, { action, resource: asked, account }, regionOf(resource));
    }
    kept.set(accountKey(account, region), properties);
    return { physicalId: account, attributes: {} };
  },
  async remove({ request }, { kept }) {
    kept.delete(accountKey(request.account, request.region));
  },
};
