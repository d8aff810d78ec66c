import {
  type GetInferenceProfileCommandOutput,
  type GetInferenceProfileRequest,
  type InferenceProfileSummary,
  type ListInferenceProfilesCommandOutput,
  type ListInferenceProfilesRequest,
  ResourceNotFoundException,
  ValidationException,
} from '@aws-sdk/client-bedrock';
import type { CallContext } from '../../service.ts';
import { destinationOf, parseBedrockArn, profileArn } from '../../world/arn.ts';
import { EVERYWHERE } from '../../world/facts.ts';
import type { ProfileState } from '../../world/profile-catalogue.ts';
import type { World } from '../../world/world.ts';

/** Small, so that every caller meets a second page. AWS names no default. */
const PAGE_SIZE_DEFAULT = 20;
const PAGE_SIZE_MAX = 1_000;
/** One date for all: the scan that the profiles come from does not tell when each was made. */
const PUBLISHED = new Date('2025-01-01T00:00:00Z');

/** The profiles whose source is this region, page by page, in the order of their ids. */
export function listInferenceProfiles(
  world: World,
  input: ListInferenceProfilesRequest,
  context: CallContext,
): Omit<ListInferenceProfilesCommandOutput, '$metadata'> {
  const { typeEquals, maxResults = PAGE_SIZE_DEFAULT, nextToken } = input;
  if (typeEquals !== undefined && typeEquals !== 'SYSTEM_DEFINED' && typeEquals !== 'APPLICATION') {
    throw constraint(typeEquals, 'typeEquals', 'satisfy enum value set: [SYSTEM_DEFINED, APPLICATION]');
  }
  if (!(maxResults >= 1)) throw constraint(maxResults, 'maxResults', 'have value greater than or equal to 1');
  if (maxResults > PAGE_SIZE_MAX) {
    throw constraint(maxResults, 'maxResults', `have value less than or equal to ${PAGE_SIZE_MAX}`);
  }
  const last = nextToken === undefined ? '' : lastOfPage(nextToken, typeEquals);
  const profiles = typeEquals === 'APPLICATION' ? [] : world.profiles.listed(context.account, context.region);
  const rest = profiles.filter((profile) => profile.profileId > last);
  const page = rest.slice(0, maxResults);
  const end = page.at(-1)?.profileId;
  return {
    inferenceProfileSummaries: page.map((profile) => summary(world, profile, context)),
    ...(rest.length > page.length && end !== undefined ? { nextToken: tokenAfter(end, typeEquals) } : {}),
  };
}

/** One profile, by its id or by its ARN in this region and account. */
export function getInferenceProfile(
  world: World,
  input: GetInferenceProfileRequest,
  context: CallContext,
): Omit<GetInferenceProfileCommandOutput, '$metadata'> {
  const identifier = input.inferenceProfileIdentifier ?? '';
  const arn = parseBedrockArn(identifier);
  const here = !arn || (arn.region === context.region && arn.account === context.account);
  const profile = here
    ? world.profiles.state(context.account, context.region, arn?.id ?? identifier)
    : undefined;
  if (!profile) {
    throw new ResourceNotFoundException({
      message: `The requested inference profile ${identifier} could not be found.`,
      $metadata: {},
    });
  }
  return summary(world, profile, context);
}

function summary(world: World, profile: ProfileState, context: CallContext): InferenceProfileSummary {
  const { profileId, modelId, modelArns } = profile;
  const model = world.models.state(context.account, context.region, modelId)?.fact;
  const label = model ? `${model.provider} ${model.name}` : modelId;
  const places = modelArns.map(destinationOf);
  const where = places.includes(EVERYWHERE) ? 'all supported AWS Regions' : places.join(', ');
  return {
    inferenceProfileName: `${(profileId.split('.')[0] ?? '').toUpperCase()} ${label}`,
    description: `Routes requests to ${label} in ${where}.`,
    createdAt: PUBLISHED,
    updatedAt: PUBLISHED,
    inferenceProfileArn: profileArn(context.region, context.account, profileId),
    models: modelArns.map((arn) => ({ modelArn: arn })),
    inferenceProfileId: profileId,
    status: 'ACTIVE',
    type: 'SYSTEM_DEFINED',
  };
}

/** A page ends at an id, not at a position: a profile that comes or goes between two pages shifts nothing. */
function tokenAfter(profileId: string, typeEquals: string | undefined): string {
  return Buffer.from(JSON.stringify([profileId, typeEquals ?? null])).toString('base64url');
}

function lastOfPage(token: string, typeEquals: string | undefined): string {
  try {
    const [last, type] = JSON.parse(Buffer.from(token, 'base64url').toString()) as unknown[];
    if (typeof last === 'string' && type === (typeEquals ?? null)) return last;
  } catch {
    // Whatever it was, it is not a token of ours: the answer below says so.
  }
  throw new ValidationException({ message: 'The provided pagination token is invalid.', $metadata: {} });
}

function constraint(value: unknown, member: string, must: string): ValidationException {
  return new ValidationException({
    message: `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must ${must}`,
    $metadata: {},
  });
}
