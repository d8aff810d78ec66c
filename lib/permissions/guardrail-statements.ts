import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { guardrailReach } from '#core/prompt-paths/guardrail-reach.ts';
import { invariant } from '#core/units/invariant.ts';
import type { InvokeStatementsOptions } from './invoke-statements.ts';
import { sizedStatements } from './sized-statements.ts';

/**
 * What a caller needs to have an account's guardrails judge its calls: those of the configuration alone. One that judges in
 * other regions asks for its profile there as well.
 */
export function guardrailStatements({
  config,
  facts,
  account,
}: InvokeStatementsOptions): readonly PolicyStatement[] {
  const guardrails = config.accounts.flatMap(({ id, guardrails: own = [] }) => (id === account ? own : []));
  const resources = guardrails.flatMap(({ region, id, profile }) => {
    const own = `arn:aws:bedrock:${region}:${account}:guardrail/${id}`;
    if (profile === undefined) return [own];
    const reach = guardrailReach({ region, profileId: profile }, facts);
    invariant(reach !== undefined, () => `nobody knows where ${profile} judges`);
    return [own, ...reach.map((place) => `arn:aws:bedrock:${place}:${account}:guardrail-profile/${profile}`)];
  });
  return sizedStatements({
    sid: 'ApplyGuardrails',
    actions: ['bedrock:ApplyGuardrail'],
    resources: [...new Set(resources)].sort(),
  });
}
