import { type StrongSet, strongSetFaults } from '../controls/strong-set.ts';
import type { CompiledFacts } from '../facts/compile-facts.ts';
import { judgeGatewayRegion, judgeReach } from '../residency/judge-reach.ts';
import { type ResidencyPolicy, resolveResidency } from '../residency/resolve-residency.ts';
import {
  type CheckableConfig,
  type ConfigFinding,
  type ConfigFindings,
  listText,
} from './config-findings.ts';

const PATH = 'state.controls';

/**
 * The strongly consistent set: one that DynamoDB makes, with a copy wherever words are said or read, and none of it
 * where a residency that it touches forbids it.
 */
export function checkControls(config: CheckableConfig, facts: CompiledFacts): ConfigFindings {
  const set = config.state.controls;
  if (set === undefined) return { errors: [], warnings: [] };
  const crossings = residencyCrossings(config, set, facts);
  const verifiable = facts.jurisdictions.length > 0;
  return {
    errors: [
      ...strongSetFaults(set).map(({ path, message }) => ({
        path: path === '' ? PATH : `${PATH}.${path}`,
        message,
      })),
      ...regionsOutside(config, set),
      ...(verifiable ? crossings : []),
    ],
    warnings: verifiable ? [] : crossings,
  };
}

/** Whoever says a word or acts by it reads the copy of its own region. */
function regionsOutside(config: CheckableConfig, { regions }: StrongSet): readonly ConfigFinding[] {
  const { home, standby, gateways } = config;
  const users = [
    { path: 'home.region', region: home.region },
    ...(standby === undefined ? [] : [{ path: 'standby', region: standby }]),
    ...gateways.map((region, index) => ({ path: `gateways[${index}]`, region })),
  ];
  return users
    .filter(({ region }) => !regions.includes(region))
    .map(({ path, region }) => ({
      path,
      message: `${region} has no copy of the strongly consistent set, which stands in ${listText(regions)}: add it to ${PATH}.regions where it fits, or leave the set out`,
    }));
}

/** The witness counts: it keeps what is written until the others have it. */
function residencyCrossings(
  { residencies }: CheckableConfig,
  { regions, witness }: StrongSet,
  facts: CompiledFacts,
): readonly ConfigFinding[] {
  const reach = witness === undefined ? regions : [...regions, witness];
  const policies = Object.entries(residencies).map(([name, spec]) => resolveResidency(name, spec, facts));
  const touched = policies.filter((policy) =>
    reach.some((region) => judgeGatewayRegion(policy, region).lawful),
  );
  if (touched.length === 0)
    return [
      { path: PATH, message: `no residency allows any of ${listText(reach)}: nothing is to be kept there` },
    ];
  return touched.flatMap((policy) => crossingOf(policy, reach, facts));
}

/** Judged as a target of these regions would be. */
function crossingOf(
  policy: ResidencyPolicy,
  reach: readonly string[],
  facts: CompiledFacts,
): readonly ConfigFinding[] {
  const [region = ''] = reach;
  const verdict = judgeReach({ policy, facts, target: { region, scope: 'dedicated', modelId: '', reach } });
  if (verdict.lawful) return [];
  const message = `crosses the residency ${policy.name}, which allows a part of it but not ${listText(verdict.offending)}: a set lies wholly inside or wholly outside each residency`;
  return [{ path: PATH, message }];
}
