/**
 * core/prompt-paths: where prompts go that no call sends them, by an account's own settings: logs of all calls, what
 * providers are given, guardrails that judge elsewhere.
 *
 * Invariant: whether a place lies inside a residency is said by `core/residency` alone, and what is unknown lies outside.
 * The folder owns no state.
 */

import type { CompiledFacts } from '../facts/compile-facts.ts';
import { judgeReach } from '../residency/judge-reach.ts';
import { EVERYWHERE } from '../residency/reach.ts';
import type { ResidencyPolicy } from '../residency/resolve-residency.ts';
import { guardrailReach } from './guardrail-reach.ts';

/** What an account says of its calls in one region. */
export interface AccountSettings {
  /** Log group of the same account and region in which prompts are kept. Undefined: none. */
  readonly logGroup: string | undefined;
  readonly logBuckets: readonly LogBucket[];
  /** `provider_data_share`, ... Undefined where the account could not be asked. */
  readonly retentionMode: string | undefined;
  readonly guardrails: readonly Guardrail[];
}

interface LogBucket {
  readonly name: string;
  /** Undefined for a bucket that is none of the account's: nobody can tell where it stands. */
  readonly region: string | undefined;
}

interface Guardrail {
  readonly id: string;
  /** Such as `eu.guardrail.v1:0`; undefined for one that judges where it stands. */
  readonly profileId: string | undefined;
  /** Applied to every call, by the account or its organization. */
  readonly enforced: boolean;
}

/** A residency under which the region may be used, with what its providers may keep. */
export interface ServedResidency {
  readonly policy: ResidencyPolicy;
  readonly retention: 'none' | 'provider-data-share';
}

/** `conflict`: prompts leave a residency. `note`: they go where they may, and somebody should know. */
export interface PromptPath {
  readonly kind: 'conflict' | 'note';
  readonly subject: string;
  readonly detail: string;
  readonly todo: string;
}

interface PathsQuestion {
  readonly region: string;
  readonly settings: AccountSettings;
  readonly residencies: readonly ServedResidency[];
  readonly facts: CompiledFacts;
}

export function judgePromptPaths(question: PathsQuestion): readonly PromptPath[] {
  return [...loggingPaths(question), ...retentionPaths(question), ...guardrailPaths(question)];
}

function loggingPaths(question: PathsQuestion): readonly PromptPath[] {
  const { region, settings } = question;
  const subject = 'model invocation logging';
  const group: readonly PromptPath[] =
    settings.logGroup === undefined
      ? []
      : [
          {
            kind: 'note',
            subject,
            detail: `prompts and answers are kept in log group ${settings.logGroup}`,
            todo: 'Know who reads the logs of model invocations and how long they are kept: prompts and answers stand in them.',
          },
        ];
  const buckets = settings.logBuckets.map(({ name, region: at }): PromptPath => {
    const outside = outsideOf(question, at === undefined ? undefined : [region, at]);
    const where = at === undefined ? 'which is not of this account' : `in ${at}`;
    if (outside.length === 0)
      return {
        kind: 'note',
        subject,
        detail: `prompts and answers are kept in bucket ${name}, ${where}`,
        todo: 'Know who reads the logs of model invocations and how long they are kept: prompts and answers stand in them.',
      };
    return {
      kind: 'conflict',
      subject,
      detail: `prompts and answers are kept in bucket ${name}, ${where}: outside ${outside.join(', ')}`,
      todo: `Log model invocations to a bucket of the same account inside ${outside.join(', ')}, or not at all (bedrock:DeleteModelInvocationLoggingConfiguration).`,
    };
  });
  return [...group, ...buckets];
}

const SHARED = 'provider_data_share';

function retentionPaths({ settings, residencies }: PathsQuestion): readonly PromptPath[] {
  const { retentionMode: mode } = settings;
  const subject = 'data retention';
  if (mode === SHARED) {
    const forbidden = residencies
      .filter(({ retention }) => retention === 'none')
      .map(({ policy }) => policy.name);
    const detail = `mode ${mode}: providers may keep prompts`;
    if (forbidden.length === 0)
      return [
        { kind: 'note', subject, detail, todo: 'Know that providers may keep prompts of this account.' },
      ];
    return [
      {
        kind: 'conflict',
        subject,
        detail: `${detail}, which ${forbidden.join(', ')} forbid`,
        todo: `Take the account's data-retention mode back from ${mode} (bedrock:PutAccountDataRetention), or serve ${forbidden.join(', ')} from other accounts.`,
      },
    ];
  }
  if (mode !== 'aws_review') return [];
  return [
    {
      kind: 'note',
      subject,
      detail: `mode ${mode}: AWS may keep prompts`,
      todo: 'Know that AWS may keep prompts of this account.',
    },
  ];
}

function guardrailPaths(question: PathsQuestion): readonly PromptPath[] {
  return question.settings.guardrails.flatMap(({ id, profileId, enforced }): readonly PromptPath[] => {
    if (profileId === undefined) return [];
    const outside = outsideOf(
      question,
      guardrailReach({ region: question.region, profileId }, question.facts),
    );
    if (outside.length === 0) return [];
    const subject = `guardrail ${id}`;
    const detail = `${profileId} may judge prompts outside ${outside.join(', ')}`;
    if (enforced)
      return [
        {
          kind: 'conflict',
          subject,
          detail: `${detail}, and is enforced for every call`,
          todo: `Enforce a guardrail without cross-region inference, or none: ${profileId} may judge prompts outside ${outside.join(', ')}.`,
        },
      ];
    return [
      {
        kind: 'note',
        subject,
        detail: `${detail}; only calls that name it use it, and gateways refuse those under a residency with bounds`,
        todo: `Do not enforce guardrail ${id}: ${profileId} may judge prompts outside ${outside.join(', ')}.`,
      },
    ];
  });
}

/** Names of the residencies that a prompt leaves; `reach` undefined: nobody knows where it goes. */
function outsideOf(
  { region, residencies, facts }: PathsQuestion,
  reach: readonly string[] | undefined,
): readonly string[] {
  const target = { region, scope: 'in-region' as const, modelId: '', reach: reach ?? [EVERYWHERE] };
  return residencies
    .filter(({ policy }) => !judgeReach({ policy, target, facts }).lawful)
    .map(({ policy }) => policy.name);
}
