/** The gateway's function and the network that it stands in. */
import * as z from 'zod';
import { regionSchema } from './config-parts.ts';
import { amount, text, whole } from './config-values.ts';

const MEMORY_MEBIBYTES_MIN = 512;
const MEMORY_MEBIBYTES_MAX = 10_240;
const CONCURRENCY_MAX = 100_000;

/** What CloudWatch Logs takes, from half a year on: the log says who answered what. */
const retentionDays = [180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653] as const;
const RETENTION_EXPECTED = `must be one of ${retentionDays.join(', ')} days: the law asks for half a year at least`;

const provisionedSchema = z.strictObject({
  min: whole(1, CONCURRENCY_MAX).describe('Environments that are always started.'),
  max: whole(1, CONCURRENCY_MAX)
    .optional()
    .describe('Environments that are started at most, as traffic grows. @default - always `min`'),
  utilization: amount(0.1, 0.9)
    .default(0.7)
    .describe('Share of them in use at which more are started, and below which fewer stay.'),
});

export const gatewayFunctionSchema = z.strictObject({
  memoryMebibytes: whole(MEMORY_MEBIBYTES_MIN, MEMORY_MEBIBYTES_MAX)
    .default(1024)
    .describe('Memory of an environment, in MiB; its share of a processor grows with it.'),
  reservedConcurrency: whole(1, CONCURRENCY_MAX)
    .optional()
    .describe(
      'Requests in flight that are kept for each gateway, and at most let in; `-c gatewayConcurrency` goes before it. @default - gateways share their accounts’ concurrency',
    ),
  provisionedConcurrency: provisionedSchema
    .optional()
    .describe('Environments that stand ready, so that no request waits for a start. @default - none'),
  logRetentionDays: z
    .literal(retentionDays, RETENTION_EXPECTED)
    .default(180)
    .describe('Days for which the logs of the gateway and of its front door are kept.'),
});

const CIDR = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\/(?:1[6-9]|2[0-4])$/;

const createdNetworkSchema = z.strictObject({
  cidr: text(CIDR, 'a block of /16 to /24 such as "10.40.0.0/16"')
    .default('10.40.0.0/16')
    .describe('Addresses of the VPC, in two availability zones.'),
  natGateways: whole(0, 2)
    .default(2)
    .describe(
      'Ways out of the VPC. With 0 a gateway reaches what endpoints in its own region offer, and nothing else: no target of another region, no issuer of tokens.',
    ),
});

const SUBNETS = 'must list the private subnets, in two availability zones or more';

const existingNetworkSchema = z.strictObject({
  vpcId: text(/^vpc-[0-9a-f]{8,17}$/, 'the id of a VPC such as "vpc-0123456789abcdef0"').describe('The VPC.'),
  cidr: text(CIDR, 'a block of /16 to /24 such as "10.40.0.0/16"').describe(
    'Its addresses: endpoints let in calls from them alone.',
  ),
  subnets: z
    .array(
      z.strictObject({
        id: text(/^subnet-[0-9a-f]{8,17}$/, 'the id of a subnet such as "subnet-0123456789abcdef0"').describe(
          'The private subnet.',
        ),
        availabilityZone: text(/^[a-z0-9-]+[a-z]$/, 'an availability zone such as "eu-central-1a"').describe(
          'Where it lies.',
        ),
        routeTableId: text(
          /^rtb-[0-9a-f]{8,17}$/,
          'the id of a route table such as "rtb-0123456789abcdef0"',
        ).describe('Its route table, which the endpoints of DynamoDB and S3 are written into.'),
      }),
      SUBNETS,
    )
    .min(2, SUBNETS)
    .describe('Private subnets for the functions and the endpoints.'),
  endpoints: z
    .enum(['create', 'exist'], 'must be "create" or "exist"')
    .default('create')
    .describe('Whether the endpoints of the services are made, or the VPC has them already.'),
});

const ONE_NETWORK = 'must have either `create` or `existing`';

const networkSchema = z
  .strictObject({
    create: createdNetworkSchema
      .optional()
      .describe('A VPC of the gateway’s own. @default - it has none of its own'),
    existing: existingNetworkSchema
      .optional()
      .describe('A VPC that is there already. @default - none is used'),
  })
  .refine(({ create, existing }) => (create === undefined) !== (existing === undefined), ONE_NETWORK);

export const gatewayNetworksSchema = z.record(regionSchema, networkSchema);
