import { Duration } from 'aws-cdk-lib';
import {
  CnameRecord,
  HealthCheck,
  HealthCheckType,
  HostedZone,
  type IHealthCheck,
} from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import type { SpillwayConfig } from '#contract/config.ts';
import type { ZoneConfig } from '#contract/front-door.ts';
import type { Place } from '../places.ts';
import type { ResidencyName } from '../residency-names.ts';
import { SpillwayStack } from './spillway-stack.ts';

/** How soon a resolver hears that a gateway is gone. */
const TIME_TO_LIVE = Duration.seconds(60);

/** With Route 53's checkers at half a minute each, a gateway that is not ready is left out after a minute and a half. */
const FAILURES_UNTIL_LEFT_OUT = 3;

export interface NamesStackProps {
  readonly config: SpillwayConfig;
  /** Where the stack stands: the zone's account, in any of its regions, since Route 53 has none. */
  readonly place: Place;
  readonly zone: ZoneConfig;
  readonly names: readonly ResidencyName[];
}

/**
 * The names of residencies, each of which leads to the nearest ready gateway inside it. Knows gateways by their own names
 * alone, so that it refers to no stack of another account or region.
 */
export class NamesStack extends SpillwayStack {
  constructor(scope: Construct, id: string, props: NamesStackProps) {
    const { config, place, zone: attributes, names } = props;
    super(scope, id, { config, place, description: 'Spillway: the names of residencies' });
    const { id: hostedZoneId, name: zoneName } = attributes;
    const zone = HostedZone.fromHostedZoneAttributes(this, 'Zone', { hostedZoneId, zoneName });
    const checks = new Map<string, IHealthCheck>();
    for (const { residency, hostname, region, leadsTo } of names) {
      const healthCheck = checks.get(leadsTo) ?? this.#checkOf(region, leadsTo);
      checks.set(leadsTo, healthCheck);
      new CnameRecord(this, `${residency}-${region}`, {
        zone,
        recordName: `${hostname}.`,
        domainName: leadsTo,
        region,
        setIdentifier: region,
        healthCheck,
        ttl: TIME_TO_LIVE,
      });
    }
  }

  #checkOf(region: string, fqdn: string): IHealthCheck {
    return new HealthCheck(this, `Ready-${region}`, {
      type: HealthCheckType.HTTPS,
      fqdn,
      resourcePath: '/readyz',
      failureThreshold: FAILURES_UNTIL_LEFT_OUT,
    });
  }
}
