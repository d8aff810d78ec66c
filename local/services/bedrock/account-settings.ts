/** What moves prompts without being asked: logging, retention, guardrails. Only read here; the control API sets them. */
import {
  type GetAccountDataRetentionCommandOutput,
  type GetGuardrailCommandOutput,
  type GetGuardrailRequest,
  type GetModelInvocationLoggingConfigurationCommandOutput,
  type ListEnforcedGuardrailsConfigurationCommandOutput,
  type ListGuardrailsCommandOutput,
  type ListGuardrailsRequest,
  ResourceNotFoundException,
  ValidationException,
} from '@aws-sdk/client-bedrock';
import type { CallContext } from '../../service.ts';
import type { GuardrailSetting } from '../../world/account-settings.ts';
import type { World } from '../../world/world.ts';

/** One date for all: nothing tells when anything here was made. */
const MADE = new Date('2025-01-01T00:00:00Z');
/** What AWS takes at most; small by default, so that every caller meets a second page. */
const PAGE_SIZE_MAX = 1_000;
const PAGE_SIZE_DEFAULT = 2;

type Answer<Output> = Omit<Output, '$metadata'>;

const settingsOf = (world: World, { account, region }: CallContext) => world.settings.of(account, region);

/** Without logging there is no configuration in the answer. */
export function getModelInvocationLogging(
  world: World,
  context: CallContext,
): Answer<GetModelInvocationLoggingConfigurationCommandOutput> {
  const { logGroup, logBucket } = settingsOf(world, context);
  if (logGroup === undefined && logBucket === undefined) return {};
  const roleArn = `arn:aws:iam::${context.account}:role/bedrock-logs`;
  return {
    loggingConfig: {
      ...(logGroup === undefined ? {} : { cloudWatchConfig: { logGroupName: logGroup, roleArn } }),
      ...(logBucket === undefined ? {} : { s3Config: { bucketName: logBucket, keyPrefix: '' } }),
      textDataDeliveryEnabled: true,
      imageDataDeliveryEnabled: false,
      embeddingDataDeliveryEnabled: false,
    },
  };
}

export function getAccountDataRetention(
  world: World,
  context: CallContext,
): Answer<GetAccountDataRetentionCommandOutput> {
  const { retentionMode = 'default' } = settingsOf(world, context);
  return { mode: retentionMode as 'default', updatedAt: MADE };
}

export function listGuardrails(
  world: World,
  input: ListGuardrailsRequest,
  context: CallContext,
): Answer<ListGuardrailsCommandOutput> {
  const { maxResults = PAGE_SIZE_DEFAULT, nextToken = '0', guardrailIdentifier } = input;
  if (!(maxResults >= 1 && maxResults <= PAGE_SIZE_MAX) || !/^\d+$/.test(nextToken))
    throw new ValidationException({ message: 'maxResults or nextToken is not valid.', $metadata: {} });
  const all = (settingsOf(world, context).guardrails ?? []).filter(
    ({ id }) => guardrailIdentifier === undefined || guardrailIdentifier === id,
  );
  const start = Number(nextToken);
  const end = start + maxResults;
  return {
    guardrails: all.slice(start, end).map((guardrail) => ({
      ...{ id: guardrail.id, name: guardrail.id, arn: arnOf(guardrail, context) },
      ...{ status: 'READY', version: 'DRAFT', createdAt: MADE, updatedAt: MADE },
      ...crossRegionOf(guardrail, context),
    })),
    ...(end < all.length ? { nextToken: String(end) } : {}),
  };
}

export function getGuardrail(
  world: World,
  input: GetGuardrailRequest,
  context: CallContext,
): Answer<GetGuardrailCommandOutput> {
  const asked = input.guardrailIdentifier ?? '';
  const guardrail = (settingsOf(world, context).guardrails ?? []).find(
    (each) => each.id === asked || arnOf(each, context) === asked,
  );
  if (guardrail === undefined)
    throw new ResourceNotFoundException({
      message: `The guardrail ${asked} could not be found.`,
      $metadata: {},
    });
  return {
    ...{ name: guardrail.id, guardrailId: guardrail.id, guardrailArn: arnOf(guardrail, context) },
    ...{ version: 'DRAFT', status: 'READY', createdAt: MADE, updatedAt: MADE },
    ...{ blockedInputMessaging: 'Blocked.', blockedOutputsMessaging: 'Blocked.' },
    ...crossRegionOf(guardrail, context),
  };
}

/** Guardrails that the account applies to every call, whether it names one or not. */
export function listEnforcedGuardrails(
  world: World,
  context: CallContext,
): Answer<ListEnforcedGuardrailsConfigurationCommandOutput> {
  const enforced = (settingsOf(world, context).guardrails ?? []).filter((each) => each.enforced === true);
  return {
    guardrailsConfig: enforced.map((guardrail) => ({
      ...{ configId: guardrail.id, guardrailId: guardrail.id, guardrailArn: arnOf(guardrail, context) },
      ...{ guardrailVersion: '1', owner: 'ACCOUNT', createdAt: MADE, updatedAt: MADE },
    })),
  };
}

const arnOf = ({ id }: GuardrailSetting, { account, region }: CallContext): string =>
  `arn:aws:bedrock:${region}:${account}:guardrail/${id}`;

function crossRegionOf({ profileId }: GuardrailSetting, { account, region }: CallContext) {
  if (profileId === undefined) return {};
  const guardrailProfileArn = `arn:aws:bedrock:${region}:${account}:guardrail-profile/${profileId}`;
  return { crossRegionDetails: { guardrailProfileId: profileId, guardrailProfileArn } };
}
