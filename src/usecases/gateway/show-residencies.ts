import type { ResidencyMap } from '#contract/residencies.ts';
import { judgeGatewayRegion } from '#core/residency/judge-reach.ts';
import { answerJson, answerRefusal } from './answer.ts';
import type { GatewayAnswer } from './gateway-answer.ts';
import { identifyViewer } from './identify-viewer.ts';
import type { Services } from './services.ts';
import type { Arrival } from './stage.ts';

/** GET /spillway/v1/residencies: the residencies that the viewer may name, and the regions that each of them allows. */
export async function answerResidencies(services: Services, arrival: Arrival): Promise<GatewayAnswer> {
  const { request, requestId } = arrival;
  const identified = await identifyViewer(services, request);
  if (!identified.ok) return answerRefusal(identified.refusal, { requestId });
  return answerJson(residencyMap(services, identified.value.tenant.residencies), { requestId });
}

function residencyMap(
  { config, facts, policies }: Pick<Services, 'config' | 'facts' | 'policies'>,
  names: readonly string[],
): ResidencyMap {
  const own = names.flatMap((name) => policies.get(name) ?? []);
  const named = own.flatMap(({ allowed }) => (allowed === 'any' ? [] : [...allowed]));
  const regions = [...new Set([...facts.regions, ...config.gateways, ...named])].sort();
  return {
    residencies: own.map((policy) => ({
      name: policy.name,
      lawful:
        policy.allowed === 'any'
          ? 'any'
          : regions.filter((region) => judgeGatewayRegion(policy, region).lawful),
    })),
    regions: regions.map((region) => {
      const country = facts.countryOf(region);
      const jurisdictions = [...(facts.jurisdictionsOf(region) ?? [])];
      return { region, ...(country === undefined ? {} : { country }), jurisdictions };
    }),
    gateways: [...config.gateways],
  };
}
