import type { CompiledFacts } from '../facts/compile-facts.ts';
import { guardrailGeographies, guardrailReach } from '../prompt-paths/guardrail-reach.ts';
import { judgeReach } from '../residency/judge-reach.ts';
import { EVERYWHERE } from '../residency/reach.ts';
import { resolveResidency } from '../residency/resolve-residency.ts';
import {
  type CheckableConfig,
  type ConfigFinding,
  type ConfigFindings,
  listText,
} from './config-findings.ts';

/** Guardrails of accounts: where their account is used, and none that leaves every residency there is. */
export function checkGuardrails(config: CheckableConfig, facts: CompiledFacts): ConfigFindings {
  const policies = Object.entries(config.residencies).map(([name, spec]) =>
    resolveResidency(name, spec, facts),
  );
  const places = config.accounts.flatMap(({ id: account, regions, guardrails = [] }, index) =>
    guardrails.map((guardrail, at) => ({
      ...{ account, regions, guardrail },
      path: `accounts[${index}].guardrails[${at}]`,
    })),
  );
  const errors = places.flatMap(({ account, regions, guardrail, path }): readonly ConfigFinding[] => {
    const { region, profile: profileId } = guardrail;
    if (!regions.includes(region)) {
      const message = `${region} is not a region of account ${account}, which lists ${listText(regions)}`;
      return [{ path: `${path}.region`, message }];
    }
    const reach = guardrailReach({ region, profileId }, facts);
    const target = { region, scope: 'in-region' as const, modelId: '', reach: reach ?? [EVERYWHERE] };
    if (policies.some((policy) => judgeReach({ policy, target, facts }).lawful))
      return reach === undefined ? [{ path: `${path}.profile`, message: unknownGeography(profileId) }] : [];
    const where = profileId === undefined ? `${region} lies` : `${profileId} may judge prompts`;
    const message = `${where} outside every residency; take the guardrail out, or choose another profile`;
    return [{ path: `${path}${profileId === undefined ? '.region' : '.profile'}`, message }];
  });
  const isUnbounded = policies.some(({ allowed }) => allowed === 'any');
  const [first] = places;
  const warnings =
    first === undefined || isUnbounded
      ? []
      : [
          {
            path: first.path,
            message:
              'no call may name a guardrail: every residency has bounds, and gateways refuse such calls under those',
          },
        ];
  return { errors, warnings };
}

/** Not even a residency without bounds helps: a role's permissions name every region of the profile. */
const unknownGeography = (profileId = ''): string =>
  `nobody knows where ${profileId} judges; take a profile of ${listText(guardrailGeographies)}`;
