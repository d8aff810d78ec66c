/** Every resource type that our templates use. What is not in this list fails a deployment by its name. */
import type { Cloud } from '../cloud.ts';
import type { ResourceHandler } from '../resource-handler.ts';
import { apiAccount, apiDeployment, apiMethod, apiResource, apiStage, restApi } from './api-gateway.ts';
import { apiResponse } from './api-gateway-response.ts';
import { scalableTarget, scalingPolicy } from './application-auto-scaling.ts';
import { alarm } from './cloudwatch-alarm.ts';
import { compositeAlarm } from './cloudwatch-composite-alarm.ts';
import { dashboard } from './cloudwatch-dashboard.ts';
import { globalTable } from './dynamodb-global-table.ts';
import { managedPolicy } from './iam-managed-policy.ts';
import { inlinePolicy } from './iam-policy.ts';
import { role } from './iam-role.ts';
import { keyAlias } from './kms-alias.ts';
import { key } from './kms-key.ts';
import { alias } from './lambda-alias.ts';
import { eventInvokeConfig } from './lambda-event-invoke-config.ts';
import { eventSourceMapping } from './lambda-event-source-mapping.ts';
import { lambdaFunction } from './lambda-function.ts';
import { permission } from './lambda-permission.ts';
import { lambdaPolicy } from './lambda-resource-policy.ts';
import { functionUrl } from './lambda-url.ts';
import { version } from './lambda-version.ts';
import { logGroup } from './logs-log-group.ts';
import { basePathMapping, certificate, domainName, healthCheck, recordSet } from './names.ts';
import { link, sink } from './oam.ts';
import { bucketPolicy, queuePolicy } from './resource-policies.ts';
import { bucket } from './s3-bucket.ts';
import { endpoint, endpointConfig, inferenceComponent, model } from './sagemaker.ts';
import { schedule } from './scheduler-schedule.ts';
import { queue } from './sqs-queue.ts';
import { webAcl, webAclAssociation, webAclLogging } from './wafv2.ts';

const all: readonly ResourceHandler<Cloud>[] = [
  alarm,
  alias,
  apiAccount,
  apiDeployment,
  apiMethod,
  apiResource,
  apiResponse,
  apiStage,
  basePathMapping,
  bucket,
  bucketPolicy,
  compositeAlarm,
  eventInvokeConfig,
  eventSourceMapping,
  certificate,
  dashboard,
  domainName,
  endpoint,
  endpointConfig,
  functionUrl,
  globalTable,
  healthCheck,
  inferenceComponent,
  inlinePolicy,
  key,
  keyAlias,
  lambdaFunction,
  lambdaPolicy,
  link,
  logGroup,
  managedPolicy,
  model,
  permission,
  queue,
  queuePolicy,
  recordSet,
  restApi,
  role,
  scalableTarget,
  scalingPolicy,
  schedule,
  sink,
  version,
  webAcl,
  webAclAssociation,
  webAclLogging,
];

export const handlers: ReadonlyMap<string, ResourceHandler<Cloud>> = new Map(
  all.map((handler) => [handler.type, handler]),
);
