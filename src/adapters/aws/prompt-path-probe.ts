/** Asks an account what it does with all prompts of a region, beside the calls themselves. Changes nothing. */
import {
  type BedrockClient,
  GetAccountDataRetentionCommand,
  GetGuardrailCommand,
  GetModelInvocationLoggingConfigurationCommand,
  paginateListEnforcedGuardrailsConfiguration,
  paginateListGuardrails,
} from '@aws-sdk/client-bedrock';
import { ListBucketsCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';

/** Every method throws the SDK's own error. */
export interface PromptPathProbe {
  /** Where prompts are kept. Nothing in it: they are not logged. */
  loadLogging(): Promise<{ readonly logGroup: string | undefined; readonly buckets: readonly string[] }>;
  /** The region of a bucket; undefined where the account has no such bucket. */
  locateBucket(name: string): Promise<string | undefined>;
  /** `default`, `provider_data_share`, ... */
  loadRetentionMode(): Promise<string>;
  listGuardrails(): Promise<readonly ProbedGuardrail[]>;
}

interface ProbedGuardrail {
  readonly id: string;
  readonly profileId: string | undefined;
  readonly enforced: boolean;
}

/** @param s3Settings for a client that lives for one question */
export function promptPathProbes(bedrock: BedrockClient, s3Settings: S3ClientConfig): PromptPathProbe {
  return {
    loadLogging: async () => {
      const answer = await bedrock.send(new GetModelInvocationLoggingConfigurationCommand({}));
      const { cloudWatchConfig, s3Config } = answer.loggingConfig ?? {};
      const buckets = [s3Config?.bucketName, cloudWatchConfig?.largeDataDeliveryS3Config?.bucketName];
      return {
        logGroup: cloudWatchConfig?.logGroupName,
        buckets: [...new Set(buckets.filter((name) => name !== undefined))],
      };
    },
    locateBucket: async (name) => {
      const client = new S3Client(s3Settings);
      try {
        const { Buckets } = await client.send(new ListBucketsCommand({ Prefix: name }));
        return Buckets?.find((bucket) => bucket.Name === name)?.BucketRegion;
      } finally {
        client.destroy();
      }
    },
    loadRetentionMode: async () => (await bedrock.send(new GetAccountDataRetentionCommand({}))).mode ?? '',
    listGuardrails: () => listGuardrails(bedrock),
  };
}

/** The account's own, and those that it or its organization applies to every call. */
async function listGuardrails(client: BedrockClient): Promise<readonly ProbedGuardrail[]> {
  const own = new Map<string, string | undefined>();
  for await (const page of paginateListGuardrails({ client }, {}))
    for (const { arn, crossRegionDetails } of page.guardrails ?? [])
      if (arn !== undefined) own.set(arn, crossRegionDetails?.guardrailProfileId);
  const enforced = new Set<string>();
  for await (const page of paginateListEnforcedGuardrailsConfiguration({ client }, {}))
    for (const { guardrailArn } of page.guardrailsConfig ?? [])
      if (guardrailArn !== undefined) enforced.add(guardrailArn);
  for (const arn of enforced)
    if (!own.has(arn)) {
      const answer = await client.send(new GetGuardrailCommand({ guardrailIdentifier: arn }));
      own.set(arn, answer.crossRegionDetails?.guardrailProfileId);
    }
  return [...own].map(([arn, profileId]) => ({
    id: arn.slice(arn.lastIndexOf('/') + 1),
    profileId,
    enforced: enforced.has(arn),
  }));
}
