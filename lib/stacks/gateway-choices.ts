/** What the configuration asks of one gateway, as the constructs take it. */
import type { SpillwayConfig } from '#contract/config.ts';
import { gatewayHostname } from '#contract/resources.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import { FrontDoor } from '../constructs/front-door.ts';
import type { GatewayNamesAttributes } from '../constructs/gateway-names.ts';
import { NetworkSource } from '../constructs/gateway-network.ts';
import { residencyNames, zoneOf } from '../residency-names.ts';

/** @param facts decide which residencies' names the gateway answers to: those that its region lies inside */
export function frontDoorOf(config: SpillwayConfig, facts: CompiledFacts, region: string): FrontDoor {
  const { frontDoor } = config;
  const signedBy = signersOf(config);
  if (frontDoor.kind === 'function-url') return FrontDoor.functionUrl({ signedBy: signedBy ?? [] });
  const names = namesOf(config, facts, region);
  return FrontDoor.restApi({
    ...(signedBy === undefined ? {} : { signedBy }),
    ...(names === undefined ? {} : { names }),
    ...(frontDoor.firewall === undefined ? {} : { firewall: frontDoor.firewall }),
  });
}

/** Undefined where the front door lets everybody through to the function, which asks for keys. */
function signersOf({ frontDoor, tenants, operators }: SpillwayConfig): readonly string[] | undefined {
  if (frontDoor.authorization !== 'iam') return undefined;
  return [...Object.values(tenants).flatMap(({ principals = [] }) => principals), ...operators.principals];
}

function namesOf(
  config: SpillwayConfig,
  facts: CompiledFacts,
  region: string,
): GatewayNamesAttributes | undefined {
  const zone = zoneOf(config, region);
  if (zone === undefined) return undefined;
  const certificateArn = config.frontDoor.domain?.certificates[region];
  return {
    ownName: gatewayHostname(region, zone.name),
    residencyNames: residencyNames(config, facts)
      .filter((name) => name.region === region)
      .map(({ hostname }) => hostname),
    zone,
    ...(certificateArn === undefined ? {} : { certificateArn }),
  };
}

/** Undefined where the functions stand in no VPC. */
export function networkSourceOf(config: SpillwayConfig, region: string): NetworkSource | undefined {
  const network = config.gatewayNetworks[region];
  if (network?.create !== undefined) return NetworkSource.create(network.create);
  if (network?.existing !== undefined) return NetworkSource.fromVpcAttributes(network.existing);
  return undefined;
}
