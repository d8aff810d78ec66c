/**
 * Asks each API that Spillway uses one harmless question in one account and region: may these credentials call it, and
 * does it answer? Nothing here changes anything in the account. Every method throws the SDK's own error.
 */
import {
  BedrockClient,
  type FoundationModelSummary,
  GetFoundationModelAvailabilityCommand,
  ListFoundationModelsCommand,
  paginateListInferenceProfiles,
} from '@aws-sdk/client-bedrock';
import { CloudWatchClient, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeTableCommand, DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeEndpointCommand,
  DescribeInferenceComponentCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { paginateListServiceQuotas, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { isHouseError } from '#core/errors/house-error.ts';
import { type PromptPathProbe, promptPathProbes } from './prompt-path-probe.ts';
import type { AwsCredentials } from './sigv4-signer.ts';
import { toHouseError } from './to-house-error.ts';

export interface AccountProbeOptions {
  readonly region: string;
  readonly credentials: AwsCredentials | (() => Promise<AwsCredentials>);
  /** Every service at this one URL. @default - AWS_ENDPOINT_URL, else AWS */
  readonly endpoint?: string | undefined;
  /** Calls to one API until it counts as failed. @default 2 */
  readonly attemptsMax?: number;
  /** @default 10000 */
  readonly requestMsMax?: number;
}

/** A model as the control plane lists it, fields as the service spells them. */
interface ListedFoundationModel {
  readonly modelId: string;
  readonly provider: string;
  readonly name: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly streaming: boolean | undefined;
  readonly inferenceTypes: readonly string[];
  readonly customizations: readonly string[];
  readonly lifecycle: string;
  /** `YYYY-MM-DD` */
  readonly launchedOn: string | undefined;
  readonly legacyOn: string | undefined;
  readonly publicExtendedAccessOn: string | undefined;
  readonly endOfLifeOn: string | undefined;
}

export interface AccountProbe extends PromptPathProbe {
  loadIdentity(): Promise<{ readonly account: string; readonly arn: string }>;
  listModels(): Promise<readonly ListedFoundationModel[]>;
  /** System-defined profiles, all pages. */
  listProfiles(): Promise<readonly { readonly profileId: string; readonly modelArns: readonly string[] }[]>;
  loadAvailability(modelId: string): Promise<void>;
  /** All quotas of Bedrock, as Service Quotas names them. */
  listQuotas(): Promise<readonly { readonly name: string; readonly value: number | undefined }[]>;
  /** The table's status, item count and copies, by name or ARN. */
  describeTable(table: string): Promise<{
    readonly status: string;
    readonly items: number;
    /** Of all copies: whether a read sees what any other region wrote. */
    readonly isStrong: boolean;
    /** With a copy, the asked one included. */
    readonly regions: readonly string[];
    readonly witnesses: readonly string[];
  }>;
  /** One key that no item has. */
  queryTable(table: string, partition: string): Promise<void>;
  listMetrics(namespace: string): Promise<void>;
  /** The status of an endpoint, or of a component on it. */
  describeEndpoint(endpoint: string, component?: string): Promise<string>;
  close(): void;
}

export function createAccountProbe(options: AccountProbeOptions): AccountProbe {
  const settings = clientSettingsOf(options);
  const bedrock = new BedrockClient(settings);
  const dynamodb = new DynamoDBClient(settings);
  const monitoring = new CloudWatchClient(settings);
  const sagemaker = new SageMakerClient(settings);
  const serviceQuotas = new ServiceQuotasClient(settings);
  const sts = new STSClient(settings);
  return {
    ...bedrockProbes(bedrock),
    ...tableProbes(dynamodb, options.region),
    loadIdentity: async () => {
      const answer = await sts.send(new GetCallerIdentityCommand({}));
      return { account: answer.Account ?? '', arn: answer.Arn ?? '' };
    },
    ...promptPathProbes(bedrock, { ...settings, forcePathStyle: options.endpoint !== undefined }),
    listQuotas: async () => {
      const rows: { readonly name: string; readonly value: number | undefined }[] = [];
      const pages = paginateListServiceQuotas({ client: serviceQuotas }, { ServiceCode: 'bedrock' });
      for await (const { Quotas = [] } of pages)
        rows.push(...Quotas.map(({ QuotaName, Value }) => ({ name: QuotaName ?? '', value: Value })));
      return rows;
    },
    listMetrics: async (namespace) => {
      await monitoring.send(new ListMetricsCommand({ Namespace: namespace }));
    },
    describeEndpoint: async (name, component) => {
      const { EndpointStatus } = await sagemaker.send(new DescribeEndpointCommand({ EndpointName: name }));
      if (component === undefined) return EndpointStatus ?? '';
      const answer = await sagemaker.send(
        new DescribeInferenceComponentCommand({ InferenceComponentName: component }),
      );
      return answer.InferenceComponentStatus ?? '';
    },
    close: () => {
      for (const client of [bedrock, dynamodb, monitoring, sagemaker, serviceQuotas, sts]) client.destroy();
    },
  };
}

/** A DynamoDB client that connects as the probes do; the caller destroys it. */
export function createTableClient(options: AccountProbeOptions): DynamoDBClient {
  return new DynamoDBClient(clientSettingsOf(options));
}

/** What a client of the CLI is made with. */
export function clientSettingsOf({
  region,
  credentials,
  endpoint,
  attemptsMax = 2,
  requestMsMax = 10_000,
}: AccountProbeOptions) {
  return {
    region,
    credentials,
    maxAttempts: attemptsMax,
    requestHandler: {
      connectionTimeout: Math.min(3000, requestMsMax),
      requestTimeout: requestMsMax,
      throwOnRequestTimeout: true,
    },
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}

function bedrockProbes(
  client: BedrockClient,
): Pick<AccountProbe, 'listModels' | 'listProfiles' | 'loadAvailability'> {
  return {
    listModels: async () => {
      const answer = await client.send(new ListFoundationModelsCommand({}));
      return (answer.modelSummaries ?? []).flatMap((summary) => listedModel(summary));
    },
    listProfiles: async () => {
      const profiles: { readonly profileId: string; readonly modelArns: readonly string[] }[] = [];
      for await (const page of paginateListInferenceProfiles({ client }, { typeEquals: 'SYSTEM_DEFINED' })) {
        for (const summary of page.inferenceProfileSummaries ?? []) {
          const modelArns = (summary.models ?? []).map((model) => model.modelArn ?? '');
          if (summary.inferenceProfileId !== undefined)
            profiles.push({ profileId: summary.inferenceProfileId, modelArns });
        }
      }
      return profiles;
    },
    loadAvailability: async (modelId) => {
      await client.send(new GetFoundationModelAvailabilityCommand({ modelId }));
    },
  };
}

function tableProbes(
  client: DynamoDBClient,
  region: string,
): Pick<AccountProbe, 'describeTable' | 'queryTable'> {
  return {
    describeTable: async (table) => {
      const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
      const { Replicas = [], GlobalTableWitnesses = [] } = Table ?? {};
      return {
        status: Table?.TableStatus ?? '',
        items: Table?.ItemCount ?? 0,
        isStrong: Table?.MultiRegionConsistency === 'STRONG',
        // AWS lists the asked one too; other engines do not.
        regions: [...new Set([region, ...Replicas.map(({ RegionName = '' }) => RegionName)])],
        witnesses: GlobalTableWitnesses.map(({ RegionName = '' }) => RegionName),
      };
    },
    queryTable: async (table, partition) => {
      await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: '#partition = :value',
          ExpressionAttributeNames: { '#partition': partition },
          ExpressionAttributeValues: { ':value': { S: '#doctor' } },
          Limit: 1,
        }),
      );
    },
  };
}

function listedModel(summary: FoundationModelSummary): readonly ListedFoundationModel[] {
  const { modelId, modelLifecycle: lifecycle } = summary;
  if (modelId === undefined) return [];
  return [
    {
      modelId,
      provider: summary.providerName ?? '',
      name: summary.modelName ?? '',
      input: summary.inputModalities ?? [],
      output: summary.outputModalities ?? [],
      streaming: summary.responseStreamingSupported,
      inferenceTypes: summary.inferenceTypesSupported ?? [],
      customizations: summary.customizationsSupported ?? [],
      lifecycle: lifecycle?.status ?? 'ACTIVE',
      launchedOn: dayOf(lifecycle?.startOfLifeTime),
      legacyOn: dayOf(lifecycle?.legacyTime),
      publicExtendedAccessOn: dayOf(lifecycle?.publicExtendedAccessTime),
      endOfLifeOn: dayOf(lifecycle?.endOfLifeTime),
    },
  ];
}

const dayOf = (time: Date | undefined): string | undefined => time?.toISOString().slice(0, 10);

export interface ProbeFailure {
  readonly kind: 'unreachable' | 'denied' | 'missing' | 'throttled' | 'credentials' | 'other';
  /** The SDK's name of the error, or the house's code. */
  readonly name: string;
  readonly message: string;
}

const kindByCode: Readonly<Record<string, ProbeFailure['kind']>> = {
  access_denied: 'denied',
  resource_missing: 'missing',
  throttled: 'throttled',
  credentials_unavailable: 'credentials',
  upstream_unavailable: 'unreachable',
  timed_out: 'unreachable',
};

/** Sorts an error of AWS, raw or translated, by what a person has to do about it. */
export function probeFailure(error: unknown): ProbeFailure {
  const translated = toHouseError(error, 'probe');
  const code = isHouseError(translated) ? translated.code : '';
  if (!(error instanceof Error)) return { kind: 'other', name: 'Error', message: String(error) };
  const { message } = error;
  const name = isHouseError(error) ? error.code : error.name;
  // SageMaker answers a missing endpoint with a validation error.
  if (name === 'ValidationException' && message.startsWith('Could not find'))
    return { kind: 'missing', name, message };
  return { kind: kindByCode[code] ?? 'other', name, message };
}
