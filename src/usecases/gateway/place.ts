import { requestHeaders } from '#contract/http.ts';
import { judgeGatewayRegion } from '#core/residency/judge-reach.ts';
import type { Tenant } from '../ports/tenant-directory.ts';
import { printable } from './printable.ts';
import type { Services } from './services.ts';
import { type GatewayAddress, type Placement, passed, type Refusal, refused, type Staged } from './stage.ts';

export type PlaceContext = Pick<Services, 'region' | 'policies' | 'config' | 'gatewayUrls'>;

/**
 * Stage 2. The residency that binds the request: the one that it names among the tenant's, else the tenant's default.
 * Nothing that a request carries can widen what the tenant may use. Says too whether this gateway may read the body.
 */
export function place(context: PlaceContext, tenant: Tenant, named: string | null): Staged<Placement> {
  const name = named ?? tenant.defaultResidency;
  if (name === undefined) return refused(residencyRequired(tenant));
  const policy = context.policies.get(name);
  if (policy === undefined) {
    return refused({
      code: 'unknown_residency',
      message: `There is no residency "${printable(name)}". Yours: ${tenant.residencies.join(', ')}.`,
      param: requestHeaders.residency,
    });
  }
  if (!tenant.residencies.includes(name)) {
    return refused({
      code: 'residency_not_allowed',
      message: `The residency "${name}" is not among yours: ${tenant.residencies.join(', ')}.`,
      param: requestHeaders.residency,
    });
  }
  const gatewayRegions = context.config.gateways.filter(
    (region) => judgeGatewayRegion(policy, region).lawful,
  );
  const gateways = addressesOf(gatewayRegions, context.gatewayUrls);
  const lawfulHere = judgeGatewayRegion(policy, context.region).lawful;
  return passed({ tenant, policy, gateways, gatewayRegions, lawfulHere });
}

/** The answer of a gateway that must not read the prompt. */
export function wrongGateway(placement: Placement, region: string): Refusal {
  const { policy, gateways } = placement;
  return {
    code: 'wrong_gateway_region',
    message: `This gateway stands in ${region}, outside the residency "${policy.name}"; the body was not read. ${whereElse(placement)}.`,
    param: requestHeaders.residency,
    gateways,
  };
}

function whereElse({ gateways, gatewayRegions }: Placement): string {
  if (gatewayRegions.length === 0) return 'No gateway is configured inside it';
  if (gateways.length === 0)
    return `Ask the gateway of one of these regions instead: ${gatewayRegions.join(', ')}`;
  return `Ask one of these instead: ${gateways.map(({ region, url }) => `${region} (${url})`).join(', ')}`;
}

function residencyRequired(tenant: Tenant): Refusal {
  return {
    code: 'residency_required',
    message: `Name a residency in the header ${requestHeaders.residency}. Yours: ${tenant.residencies.join(', ')}.`,
    param: requestHeaders.residency,
  };
}

function addressesOf(
  regions: readonly string[],
  urls: Readonly<Record<string, string>>,
): readonly GatewayAddress[] {
  return regions.flatMap((region) => {
    const url = urls[region];
    return url === undefined ? [] : [{ region, url }];
  });
}
