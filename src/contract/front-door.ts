/** The door of every deployed gateway: what stands before the function, under which names, and behind which web ACL. */
import * as z from 'zod';
import { accountIdSchema, regionSchema } from './config-parts.ts';
import { text, whole } from './config-values.ts';
import { gatewayHostname } from './resources.ts';

const ZONE_ID = /^Z[A-Z0-9]{4,31}$/;
/** Two labels at least, in lower case, without the dot at the end. */
const ZONE_NAME = /^(?=.{4,190}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;
const CERTIFICATE = /^arn:aws(?:-[a-z]+)*:acm:[a-z0-9-]+:[0-9]{12}:certificate\/[A-Za-z0-9-]{1,64}$/;

/** AWS WAF's bounds for a rule of rates. */
const RATE_MIN = 10;
const RATE_MAX = 2_000_000_000;

const zoneSchema = z.strictObject({
  account: accountIdSchema.describe(
    'The account that owns the hosted zone; its gateways have their own names in it.',
  ),
  id: text(ZONE_ID, 'the id of a Route 53 hosted zone such as "Z0123456789ABCDEFGHIJ"').describe(
    'The public hosted zone.',
  ),
  name: text(ZONE_NAME, 'the name of a zone in lower case, such as "llm.example.com"').describe(
    'What the zone is called.',
  ),
});

const SOME_ZONE = 'must list at least one hosted zone';

const domainSchema = z.strictObject({
  zones: z
    .array(zoneSchema, SOME_ZONE)
    .min(1, SOME_ZONE)
    .describe(
      'Hosted zones, one of each account that runs a gateway. The first also has the names of the residencies, `<residency>.<zone>`, each of which leads to gateways inside it alone.',
    ),
  certificates: z
    .record(
      regionSchema,
      text(
        CERTIFICATE,
        'the ARN of a certificate such as "arn:aws:acm:eu-central-1:222222222222:certificate/…"',
      ),
    )
    .default({})
    .describe(
      'By gateway region, the certificate for its own name and the names of its residencies. Without one it is made and proved by DNS, which only the account of the first zone can.',
    ),
});

const firewallSchema = z.strictObject({
  requestsPerAddressMax: whole(RATE_MIN, RATE_MAX)
    .default(10_000)
    .describe('Requests that one IP address may send in five minutes.'),
});

export const frontDoorSchema = z.strictObject({
  kind: z
    .enum(['rest-api', 'function-url'], 'must be "rest-api" or "function-url"')
    .default('rest-api')
    .describe(
      'What stands before the function: a regional REST API of API Gateway, or the function’s own URL, which has the fewest parts and takes signatures alone. What each cannot do: docs/guides/front-doors.md.',
    ),
  authorization: z
    .enum(['keys', 'iam'], 'must be "keys" or "iam"')
    .default('keys')
    .describe(
      'Who checks callers: the gateway by their keys or tokens, or the front door by their AWS signature, whose principals `tenants.<name>.principals` map to tenants.',
    ),
  domain: domainSchema
    .optional()
    .describe('Names of your own. @default - the names that AWS gives: the output `BaseUrl` says them'),
  firewall: firewallSchema
    .optional()
    .describe('An AWS WAF web ACL before each REST API: see docs/guides/front-doors.md. @default - none'),
});

type FrontDoorConfig = z.output<typeof frontDoorSchema>;
export type ZoneConfig = z.output<typeof zoneSchema>;

interface NamedGateways {
  readonly accounts: readonly { readonly id: string; readonly regions: readonly string[] }[];
  readonly gateways: readonly string[];
  readonly gatewayUrls: Readonly<Record<string, string>>;
  readonly frontDoor: FrontDoorConfig;
}

/** `gatewayUrls` as written, and the gateways' own names where they have some. */
export function urlsOfGateways(config: NamedGateways): Record<string, string> {
  const zones = config.frontDoor.domain?.zones ?? [];
  const named = config.gateways.flatMap((region) => {
    const owner = config.accounts.find(({ regions }) => regions.includes(region));
    const zone = zones.find(({ account }) => account === owner?.id);
    return zone === undefined ? [] : [[region, `https://${gatewayHostname(region, zone.name)}`]];
  });
  return { ...Object.fromEntries(named), ...config.gatewayUrls };
}
