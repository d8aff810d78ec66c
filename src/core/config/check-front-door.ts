import type { CompiledFacts } from '../facts/compile-facts.ts';
import { residencyGateways } from '../residency/residency-gateways.ts';
import {
  type CheckableConfig,
  type ConfigFinding,
  type ConfigFindings,
  listText,
  repeatedIndexes,
} from './config-findings.ts';

/** What stands before gateways, and around them: what AWS cannot do together, and names that nobody could make. */
export function checkFrontDoor(config: CheckableConfig, facts: CompiledFacts): ConfigFindings {
  return {
    errors: [
      ...(config.frontDoor.kind === 'function-url' ? functionUrlErrors(config) : []),
      ...networkErrors(config),
      ...concurrencyErrors(config),
      ...domainErrors(config, facts),
    ],
    warnings: [...closedNetworks(config), ...namelessResidencies(config, facts)],
  };
}

function functionUrlErrors({ frontDoor, gatewayNetworks }: CheckableConfig): readonly ConfigFinding[] {
  const errors: ConfigFinding[] = Object.keys(gatewayNetworks).map((region) => ({
    path: `gatewayNetworks.${region}`,
    message:
      'a function URL does not stream inside a VPC; leave the network out, or set frontDoor.kind: "rest-api"',
  }));
  if (frontDoor.authorization === 'keys') {
    const message =
      '"keys" would leave a function URL open to everybody; set "iam" and name principals, or frontDoor.kind: "rest-api"';
    errors.push({ path: 'frontDoor.authorization', message });
  }
  if (frontDoor.firewall !== undefined) {
    const message =
      'a web ACL cannot stand before a function URL; leave it out, or set frontDoor.kind: "rest-api"';
    errors.push({ path: 'frontDoor.firewall', message });
  }
  if (frontDoor.domain !== undefined) {
    const message =
      'a function URL has no name but the one AWS gives; leave the domain out, or set frontDoor.kind: "rest-api"';
    errors.push({ path: 'frontDoor.domain', message });
  }
  return errors;
}

function networkErrors({ gatewayNetworks, gateways }: CheckableConfig): readonly ConfigFinding[] {
  return Object.keys(gatewayNetworks)
    .filter((region) => !gateways.includes(region))
    .map((region) => ({
      path: `gatewayNetworks.${region}`,
      message: `${region} runs no gateway; there are ${listText(gateways)}`,
    }));
}

function concurrencyErrors({ gatewayFunction }: CheckableConfig): readonly ConfigFinding[] {
  const { reservedConcurrency, provisionedConcurrency: provisioned } = gatewayFunction;
  if (provisioned === undefined) return [];
  const path = 'gatewayFunction.provisionedConcurrency';
  const { min, max = min } = provisioned;
  const errors: ConfigFinding[] = [];
  if (max < min)
    errors.push({ path: `${path}.max`, message: `${max} must not be below min, which is ${min}` });
  if (reservedConcurrency !== undefined && max > reservedConcurrency) {
    const where = provisioned.max === undefined ? 'min' : 'max';
    const message = `${max} must not be above gatewayFunction.reservedConcurrency, which is ${reservedConcurrency}`;
    errors.push({ path: `${path}.${where}`, message });
  }
  return errors;
}

function domainErrors(config: CheckableConfig, facts: CompiledFacts): readonly ConfigFinding[] {
  const { domain } = config.frontDoor;
  if (domain === undefined) return [];
  return [
    ...zoneErrors(config, domain.zones),
    ...certificateErrors(config, domain, facts),
    ...sharedNames(config, domain.zones),
  ];
}

type Domain = NonNullable<CheckableConfig['frontDoor']['domain']>;

function zoneErrors(config: CheckableConfig, zones: Domain['zones']): readonly ConfigFinding[] {
  const path = 'frontDoor.domain.zones';
  const repeated = repeatedIndexes(zones.map(({ account }) => account)).map((index) => ({
    path: `${path}[${index}].account`,
    message: `${zones[index]?.account} has a zone in the list before; one is enough for its gateways`,
  }));
  const sameNames = repeatedIndexes(zones.map(({ name }) => name)).map((index) => ({
    path: `${path}[${index}].name`,
    message: `${zones[index]?.name} is the zone of another account in the list before; delegate a zone below it to this one`,
  }));
  const known = config.accounts.map(({ id }) => id);
  const strangers = zones.flatMap(({ account }, index) =>
    known.includes(account)
      ? []
      : [
          {
            path: `${path}[${index}].account`,
            message: `${account} is not in accounts; there are ${listText(known)}`,
          },
        ],
  );
  const without = config.gateways.flatMap((region) => {
    const owner = ownerOf(config, region);
    if (owner === undefined || zones.some(({ account }) => account === owner)) return [];
    const message = `has no zone of account ${owner}, which runs the gateway of ${region}: nobody else can write its name; delegate a zone to it, such as "${owner}.${zones[0]?.name}"`;
    return [{ path, message }];
  });
  return [...repeated, ...sameNames, ...strangers, ...without];
}

/** ACM proves a name by a record in its zone, which only the zone's account can write in one deployment. */
function certificateErrors(
  config: CheckableConfig,
  { zones, certificates }: Domain,
  facts: CompiledFacts,
): readonly ConfigFinding[] {
  const path = (region: string) => `frontDoor.domain.certificates.${region}`;
  const misplaced = Object.entries(certificates).flatMap(([region, arn]) => {
    if (!config.gateways.includes(region)) {
      const message = `${region} runs no gateway; there are ${listText(config.gateways)}`;
      return [{ path: path(region), message }];
    }
    const owner = ownerOf(config, region);
    const [, , , certified, account] = arn.split(':');
    if (certified === region && account === owner) return [];
    const message = `"${arn}" must be a certificate of account ${owner} in ${region}, where the gateway stands`;
    return [{ path: path(region), message }];
  });
  const named = new Set(residencyGateways(config, facts).flatMap(({ regions }) => regions));
  const missing = config.gateways.flatMap((region) => {
    const owner = ownerOf(config, region);
    if (region in certificates || owner === zones[0]?.account || !named.has(region)) return [];
    const message = `is missing: account ${owner} cannot prove names of ${zones[0]?.name}, a zone of account ${zones[0]?.account}; make the certificate there by hand and give its ARN`;
    return [{ path: path(region), message }];
  });
  return [...misplaced, ...missing];
}

/** A residency that is called like a gateway's region, or like a zone, would have that one's name, wherever it leads. */
function sharedNames(
  { residencies, gateways }: CheckableConfig,
  zones: Domain['zones'],
): readonly ConfigFinding[] {
  return Object.keys(residencies).flatMap((residency) => {
    const path = `residencies.${residency}`;
    const hostname = `${residency}.${zones[0]?.name}`;
    const zone = zones.find(({ name }) => name === hostname);
    const asRegion = `"${residency}" is the name of a gateway’s region too, and both would be ${residency}.<zone>; call the residency otherwise`;
    const asZone = `"${residency}" would be ${hostname}, which is the zone of account ${zone?.account}; call one of them otherwise`;
    return [
      ...(gateways.includes(residency) ? [{ path, message: asRegion }] : []),
      ...(zone === undefined ? [] : [{ path, message: asZone }]),
    ];
  });
}

function closedNetworks({ gatewayNetworks }: CheckableConfig): readonly ConfigFinding[] {
  return Object.entries(gatewayNetworks).flatMap(([region, { create }]) => {
    if (create?.natGateways !== 0) return [];
    const message = `0 leaves this gateway with what endpoints in ${region} offer: targets of other regions and issuers of tokens cannot be reached`;
    return [{ path: `gatewayNetworks.${region}.create.natGateways`, message }];
  });
}

function namelessResidencies(config: CheckableConfig, facts: CompiledFacts): readonly ConfigFinding[] {
  if (config.frontDoor.domain === undefined || facts.regions.length === 0) return [];
  const named = residencyGateways(config, facts).map(({ residency }) => residency);
  return Object.keys(config.residencies)
    .filter((residency) => !named.includes(residency))
    .map((residency) => ({
      path: `residencies.${residency}`,
      message: `no gateway stands inside: ${residency} gets no name in frontDoor.domain`,
    }));
}

function ownerOf({ accounts }: CheckableConfig, region: string): string | undefined {
  return accounts.find(({ regions }) => regions.includes(region))?.id;
}
