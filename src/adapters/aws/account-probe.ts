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
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { AwsCredentials } from './sigv4-signer.ts';

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
export interface ListedFoundationModel {
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

export interface AccountProbe {
  loadIdentity(): Promise<{ readonly account: string; readonly arn: string }>;
  listModels(): Promise<readonly ListedFoundationModel[]>;
  /** System-defined profiles, all pages. */
  listProfiles(): Promise<readonly { readonly profileId: string; readonly modelArns: readonly string[] }[]>;
  loadAvailability(modelId: string): Promise<void>;
  /** The table's status and item count, by name or ARN. */
  describeTable(table: string): Promise<{ readonly status: string; readonly items: number }>;
  /** One key that no item has. */
  queryTable(table: string, partition: string): Promise<void>;
  listMetrics(namespace: string): Promise<void>;
  /** The status of an endpoint, or of a component on it. */
  describeEndpoint(endpoint: string, component?: string): Promise<string>;
  close(): void;
}

export function createAccountProbe(options: AccountProbeOptions): AccountProbe {
  const { region, credentials, endpoint, attemptsMax = 2, requestMsMax = 10_000 } = options;
  const settings = {
    region,
    credentials: identityOf(credentials),
    maxAttempts: attemptsMax,
    requestHandler: {
      connectionTimeout: Math.min(3000, requestMsMax),
      requestTimeout: requestMsMax,
      throwOnRequestTimeout: true,
    },
    ...(endpoint === undefined ? {} : { endpoint }),
  };
  const bedrock = new BedrockClient(settings);
  const dynamodb = new DynamoDBClient(settings);
  const monitoring = new CloudWatchClient(settings);
  const sagemaker = new SageMakerClient(settings);
  const sts = new STSClient(settings);
  return {
    ...bedrockProbes(bedrock),
    ...tableProbes(dynamodb),
    loadIdentity: async () => {
      const answer = await sts.send(new GetCallerIdentityCommand({}));
      return { account: answer.Account ?? '', arn: answer.Arn ?? '' };
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
      for (const client of [bedrock, dynamodb, monitoring, sagemaker, sts]) client.destroy();
    },
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

function tableProbes(client: DynamoDBClient): Pick<AccountProbe, 'describeTable' | 'queryTable'> {
  return {
    describeTable: async (table) => {
      const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
      return { status: Table?.TableStatus ?? '', items: Table?.ItemCount ?? 0 };
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

/** The SDK's own shape, which knows no undefined members. */
function identityOf(credentials: AccountProbeOptions['credentials']) {
  const identity = ({ accessKeyId, secretAccessKey, sessionToken, expiration }: AwsCredentials) => ({
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    ...(expiration === undefined ? {} : { expiration }),
  });
  return typeof credentials === 'function'
    ? async () => identity(await credentials())
    : identity(credentials);
}

export interface ProbeFailure {
  readonly kind: 'unreachable' | 'denied' | 'missing' | 'throttled' | 'credentials' | 'other';
  /** The SDK's name of the error. */
  readonly name: string;
  readonly message: string;
}

const kindByName: Readonly<Record<string, ProbeFailure['kind']>> = {
  AccessDeniedException: 'denied',
  AccessDenied: 'denied',
  UnauthorizedOperation: 'denied',
  ResourceNotFoundException: 'missing',
  ResourceNotFound: 'missing',
  ThrottlingException: 'throttled',
  Throttling: 'throttled',
  TooManyRequestsException: 'throttled',
  CredentialsProviderError: 'credentials',
  UnrecognizedClientException: 'credentials',
  InvalidClientTokenId: 'credentials',
  ExpiredTokenException: 'credentials',
  ExpiredToken: 'credentials',
  InvalidSignatureException: 'credentials',
  SignatureDoesNotMatch: 'credentials',
  TimeoutError: 'unreachable',
};

const networkCodes = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'EPIPE',
  'EAI_AGAIN',
];

/** Sorts an error of a probe by what a person has to do about it. */
export function probeFailure(error: unknown): ProbeFailure {
  const facts: { name?: unknown; message?: unknown; code?: unknown } =
    typeof error === 'object' && error !== null ? error : {};
  const name = typeof facts.name === 'string' ? facts.name : 'Error';
  const message = typeof facts.message === 'string' ? facts.message : String(error);
  const code = typeof facts.code === 'string' ? facts.code : '';
  if (networkCodes.includes(code)) return { kind: 'unreachable', name: code, message };
  // SageMaker answers a missing endpoint with a validation error.
  if (name === 'ValidationException' && message.startsWith('Could not find'))
    return { kind: 'missing', name, message };
  return { kind: kindByName[name] ?? 'other', name, message };
}
