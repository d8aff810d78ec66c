import {
  IllegalArgumentException,
  InvalidPaginationTokenException,
  type ListServiceQuotasRequest,
  type ListServiceQuotasResponse,
  NoSuchResourceException,
  type ServiceQuota,
} from '@aws-sdk/client-service-quotas';
import type { CallContext } from '../../service.ts';
import { hashText } from '../../world/answers/hash.ts';
import type { QuotaState, QuotaValues } from '../../world/quota-book.ts';
import type { World } from '../../world/world.ts';

const SERVICE_CODE = 'bedrock';
/** AWS names no default; its maximum is 100. */
const PAGE_SIZE_DEFAULT = 100;
const PAGE_SIZE_MAX = 100;

/** Every quota of Bedrock's models in this account and region, page by page, in the order of their names. */
export function listServiceQuotas(
  world: World,
  input: ListServiceQuotasRequest,
  context: CallContext,
): ListServiceQuotasResponse {
  const { ServiceCode, NextToken, MaxResults = PAGE_SIZE_DEFAULT, QuotaCode } = input;
  if (ServiceCode !== SERVICE_CODE) {
    throw new NoSuchResourceException({
      message: 'The request failed because the specified service does not exist.',
      $metadata: {},
    });
  }
  if (!(MaxResults >= 1 && MaxResults <= PAGE_SIZE_MAX)) {
    const message = `MaxResults is ${MaxResults}; it must be from 1 to ${PAGE_SIZE_MAX}.`;
    throw new IllegalArgumentException({ message, $metadata: {} });
  }
  const last = NextToken === undefined ? '' : lastOfPage(NextToken);
  // There are no quotas of single resources here.
  const rows = input.QuotaAppliedAtLevel === 'RESOURCE' ? [] : rowsOf(world, context);
  const rest = rows
    .filter((row) => QuotaCode === undefined || row.QuotaCode === QuotaCode)
    .filter((row) => (row.QuotaName ?? '') > last);
  const page = rest.slice(0, MaxResults);
  const end = page.at(-1)?.QuotaName;
  return {
    Quotas: page,
    ...(rest.length > page.length && end !== undefined ? { NextToken: tokenAfter(end) } : {}),
  };
}

function rowsOf(world: World, { account, region }: CallContext): readonly ServiceQuota[] {
  const valuesByName = new Map<string, number>();
  for (const state of world.quotas.listed(account, region)) {
    for (const [member, words] of MEASURES) {
      const value = state.values[member];
      if (value === undefined) continue;
      const name = quotaName(state, words);
      valuesByName.set(name, Math.min(value, valuesByName.get(name) ?? value));
    }
  }
  const sorted = [...valuesByName].sort(([left], [right]) => (left < right ? -1 : 1));
  return sorted.map(([name, value]) => serviceQuota({ name, value, account, region }));
}

const MEASURES: readonly (readonly [keyof QuotaValues, string])[] = [
  ['requestsPerMinute', 'requests per minute'],
  ['tokensPerDay', 'tokens per day'],
  ['tokensPerMinute', 'tokens per minute'],
];

const SCOPES = {
  'on-demand': 'On-demand',
  'cross-region': 'Cross-region',
  global: 'Global cross-region',
} as const;

/** "Cross-region model inference tokens per minute for Anthropic Claude Sonnet 4 V1" */
function quotaName({ scope, provider, name, modelId }: QuotaState, measure: string): string {
  const label = name.startsWith(provider) ? name : `${provider} ${name}`;
  const [ending = '', version = ''] = / v(\d+)$/i.exec(name) ?? [];
  const spelled = ending === '' ? label : `${label.slice(0, -ending.length)} V${version}`;
  return `${SCOPES[scope]} model inference ${measure} for ${spelled}${ending === '' ? versionOf(modelId) : ''}`;
}

/** AWS names the version of Anthropic's models, where their ids have one, and leaves it out of most others. */
function versionOf(modelId: string): string {
  const version = /^anthropic\..*-v(\d+)(:\d+)?$/.exec(modelId)?.[1];
  return version === undefined ? '' : ` V${version}`;
}

function serviceQuota(row: {
  readonly name: string;
  readonly value: number;
  readonly account: string;
  readonly region: string;
}): ServiceQuota {
  const { name, value, account, region } = row;
  const code = `L-${hashText(name).toString(16).toUpperCase().padStart(8, '0').slice(-8)}`;
  return {
    ServiceCode: SERVICE_CODE,
    ServiceName: 'Amazon Bedrock',
    QuotaArn: `arn:aws:servicequotas:${region}:${account}:${SERVICE_CODE}/${code}`,
    QuotaCode: code,
    QuotaName: name,
    Value: value,
    Unit: 'None',
    Adjustable: true,
    GlobalQuota: false,
    QuotaAppliedAtLevel: 'ACCOUNT',
  };
}

/** A page ends at a name, not at a position: a model that comes or goes between two pages shifts nothing. */
function tokenAfter(name: string): string {
  return Buffer.from(JSON.stringify([name])).toString('base64url');
}

function lastOfPage(token: string): string {
  try {
    const [last] = JSON.parse(Buffer.from(token, 'base64url').toString()) as unknown[];
    if (typeof last === 'string') return last;
  } catch {
    // Whatever it was, it is not a token of ours: the answer below says so.
  }
  throw new InvalidPaginationTokenException({ message: 'Invalid pagination token.', $metadata: {} });
}
