import type { SpillwayConfig } from '#contract/config.ts';
import type { ModelListing } from '#core/discovery/answers.ts';
import { zeroQuotas } from '#core/discovery/zero-quotas.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import { configuredIds } from '#core/permissions/served-models.ts';
import {
  type AccountSettings,
  judgePromptPaths,
  type ServedResidency,
} from '#core/prompt-paths/judge-prompt-paths.ts';
import { judgeGatewayRegion } from '#core/residency/judge-reach.ts';
import { resolveResidency } from '#core/residency/resolve-residency.ts';
import { type AccountProbe, type AwsAccess, probeFailure } from '#runtime/cli-runtime.ts';
import { type Check, todoOfFailure, wordsOfFailure } from './check.ts';

interface Place {
  readonly account: string;
  readonly region: string;
}

export interface PromptPathQuestion {
  readonly config: SpillwayConfig;
  readonly facts: CompiledFacts;
  readonly aws: AwsAccess;
  readonly awsUrl: string;
  readonly place: Place;
}

/** What moves prompts of one account and region without being asked, and what no call gets through for want of quota. */
export async function checkPromptPaths(question: PromptPathQuestion): Promise<readonly Check[]> {
  const { config, facts, aws, place } = question;
  const probe = aws.probe(place.account, place.region);
  const broken: Check[] = [];
  const ask = async <Answer>(
    permission: string,
    load: () => Promise<Answer>,
  ): Promise<Answer | undefined> => {
    try {
      return await load();
    } catch (error) {
      broken.push(failureOf(question, permission, error));
      return undefined;
    }
  };
  const logging = await ask('bedrock:GetModelInvocationLoggingConfiguration', () => loadLogging(probe));
  const settings: AccountSettings = {
    logGroup: logging?.logGroup,
    logBuckets: logging?.buckets ?? [],
    retentionMode: await ask('bedrock:GetAccountDataRetention', probe.loadRetentionMode),
    guardrails:
      (await ask(
        'bedrock:ListGuardrails and bedrock:ListEnforcedGuardrailsConfiguration',
        probe.listGuardrails,
      )) ?? [],
  };
  const residencies = servedResidencies(config, facts, place.region);
  const paths = judgePromptPaths({ region: place.region, settings, residencies, facts }).map(
    ({ kind, subject, detail, todo }): Check => ({
      ...headOf(place),
      subject,
      status: kind === 'conflict' ? 'broken' : 'advice',
      detail,
      todo,
    }),
  );
  const quotas =
    (await ask('servicequotas:ListServiceQuotas', () => checkZeroQuotas(config, probe, place))) ?? [];
  const found = [...broken, ...paths, ...quotas];
  return found.some(({ status }) => status === 'broken')
    ? found
    : [
        ...found,
        {
          ...headOf(place),
          subject: 'settings of the account',
          status: 'fine',
          detail: 'inside every residency',
        },
      ];
}

const headOf = ({ account, region }: Place) => ({ area: 'Prompts', place: `${region} (${account})` });

function failureOf(
  { aws, awsUrl, place, facts }: PromptPathQuestion,
  permission: string,
  error: unknown,
): Check {
  const failure = probeFailure(error);
  return {
    ...headOf(place),
    subject: permission.split(' ')[0] ?? permission,
    status: 'broken',
    detail: wordsOfFailure(failure),
    todo: todoOfFailure(failure, {
      ...{ permission, local: aws.local, awsUrl },
      optInPlace: facts.isOptIn(place.region) ? place : undefined,
    }),
  };
}

async function loadLogging(
  probe: AccountProbe,
): Promise<Pick<AccountSettings, 'logGroup'> & { readonly buckets: AccountSettings['logBuckets'] }> {
  const { logGroup, buckets } = await probe.loadLogging();
  const located = buckets.map(async (name) => ({ name, region: await probe.locateBucket(name) }));
  return { logGroup, buckets: await Promise.all(located) };
}

/** Residencies under which a prompt may be in the region at all: only those can be left there. */
function servedResidencies(
  { residencies }: SpillwayConfig,
  facts: CompiledFacts,
  region: string,
): readonly ServedResidency[] {
  return Object.entries(residencies)
    .map(([name, spec]) => ({ policy: resolveResidency(name, spec, facts), retention: spec.retention }))
    .filter(({ policy }) => judgeGatewayRegion(policy, region).lawful);
}

/** Models of the configuration whose every call AWS throttles, although access is granted. */
async function checkZeroQuotas(
  config: SpillwayConfig,
  probe: AccountProbe,
  place: Place,
): Promise<readonly Check[]> {
  const [rows, models] = await Promise.all([probe.listQuotas(), probe.listModels()]);
  const listings = models.map(
    ({ modelId, name, provider, input, output, inferenceTypes, lifecycle }): ModelListing => ({
      ...{ modelId, name, provider, inferenceTypes, lifecycle },
      inputModalities: input,
      outputModalities: output,
    }),
  );
  const wanted = new Set(configuredIds(config));
  return zeroQuotas(rows, listings)
    .filter(({ modelId }) => wanted.has(modelId))
    .map(({ pool, modelId, reasons }) => ({
      ...headOf(place),
      subject: `quota of ${modelId}`,
      status: 'advice',
      detail: `${pool}: ${reasons.join(', ')}`,
      todo: `Ask AWS for a ${pool} quota of ${modelId}: it is zero, and every call is throttled.`,
    }));
}
