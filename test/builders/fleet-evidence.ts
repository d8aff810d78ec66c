/** What was deployed, resource by resource, and what the run left behind that shows each at work. */

import type { StackResource } from '#local/cloudformation/stack-update.ts';
import type { JournalEntry } from '#local/control/journal.ts';
import type { Verdict } from '#local/iam/policy-judge.ts';
import type { DeployedFleet } from './deployed-fleet.ts';

interface Seen {
  readonly fleet: DeployedFleet;
  readonly resource: StackResource;
  readonly journal: readonly JournalEntry[];
  /** What IAM let through after the fleet stood: what a deployment asks in advance does not count. */
  readonly allowed: readonly Verdict[];
}

/** How often a resource was seen at work: in the journal, among the verdicts, or by the counters of what runs it. */
interface Proof {
  readonly by: string;
  count(seen: Seen): number;
}

const arnOf = ({ made }: StackResource): string => made.attributes.Arn ?? '';
const nameOf = (resource: StackResource): string => resource.made.physicalId;

const judgedOn = ({ allowed }: Seen, resource: string): number =>
  allowed.filter((verdict) => verdict.resource.startsWith(resource)).length;
const judgedOf = ({ allowed }: Seen, principal: string): number =>
  allowed.filter((verdict) => verdict.principal === principal).length;

const functionArn = (seen: Seen): string =>
  seen.fleet.cloud.functions.arnOf(
    String(seen.resource.request.properties.FunctionName),
    seen.resource.request,
  );

const rolesOf = ({ resource }: Seen): string[] =>
  ((resource.request.properties.Roles ?? []) as string[]).map(
    (name) => `arn:aws:iam::${resource.request.account}:role/${name}`,
  );

const requests = ({ fleet, resource }: Seen): number => {
  const { RestApiId } = resource.request.properties;
  return fleet.cloud.restApis.find(String(RestApiId ?? resource.made.physicalId)).requests;
};

/** Calls that use a thing, beside those that make it. */
const uses = new Set(['SendMessage', 'ReceiveMessage', 'DeleteMessageBatch', 'PutObject', 'GetObject']);

const inJournal = (idOf: (resource: StackResource) => string) => (seen: Seen) => {
  const { account, region } = seen.resource.request;
  return seen.journal.filter(
    (entry) =>
      uses.has(entry.operation) &&
      (entry.target ?? '').split('/')[0] === idOf(seen.resource) &&
      entry.status === 200 &&
      entry.account === account &&
      entry.region === region,
  ).length;
};

const logged = ({ fleet, resource }: Seen): number => {
  const { account, region } = resource.request;
  const group = nameOf(resource);
  return [...fleet.deployment.stacks.values()]
    .flatMap(({ resources }) => [...resources.values()])
    .filter(({ definition, request }) => {
      const { LoggingConfig } = request.properties as { LoggingConfig?: { LogGroup?: string } };
      return (
        definition.type === 'AWS::Lambda::Function' &&
        LoggingConfig?.LogGroup === group &&
        request.account === account &&
        request.region === region
      );
    })
    .reduce((sum, { made }) => sum + fleet.cloud.functions.calls(made.attributes.Arn ?? '').count, 0);
};

const judgedFor = ({ allowed }: Seen, action: string, resource: string): number =>
  allowed.filter((verdict) => verdict.action === action && verdict.resource === resource).length;

const invoked = ({ journal, resource: { request } }: Seen): number =>
  journal.filter(
    ({ service, status, account, region }) =>
      service === 'sagemaker-runtime' &&
      status === 200 &&
      account === request.account &&
      region === request.region,
  ).length;

const scaled = ({ fleet, resource: { request } }: Seen): number => {
  const { account, region, properties } = request;
  const alias = `arn:aws:lambda:${region}:${account}:${String(properties.ResourceId)}`;
  return fleet.cloud.functions.alias(alias)?.ready ?? 0;
};

const proofs: Readonly<Record<string, Proof>> = {
  'AWS::ApiGateway::Account': {
    by: 'its role was assumed',
    count: (seen) => judgedOn(seen, String(seen.resource.request.properties.CloudWatchRoleArn)),
  },
  'AWS::ApiGateway::Deployment': { by: 'requests it led on', count: requests },
  'AWS::ApiGateway::GatewayResponse': {
    by: 'answers that it made',
    count: ({ fleet, resource: { request } }) => {
      const { RestApiId, ResponseType } = request.properties;
      return fleet.cloud.restApis.find(String(RestApiId)).responses.get(String(ResponseType))?.answers ?? 0;
    },
  },
  'AWS::ApiGateway::Method': { by: 'requests of its API', count: requests },
  'AWS::ApiGateway::Resource': { by: 'requests of its API', count: requests },
  'AWS::ApiGateway::RestApi': { by: 'requests over HTTP', count: requests },
  'AWS::ApiGateway::Stage': { by: 'requests over HTTP', count: requests },
  'AWS::ApplicationAutoScaling::ScalableTarget': { by: 'environments that it keeps ready', count: scaled },
  'AWS::DynamoDB::GlobalTable': {
    by: 'calls of roles that IAM let through',
    count: (seen) =>
      seen.allowed.filter(({ resource }) => resource.endsWith(`:table/${nameOf(seen.resource)}`)).length,
  },
  'AWS::IAM::ManagedPolicy': {
    by: 'calls judged under it',
    count: (seen) => rolesOf(seen).reduce((sum, role) => sum + judgedOf(seen, role), 0),
  },
  'AWS::IAM::Policy': {
    by: 'calls judged under it',
    count: (seen) => rolesOf(seen).reduce((sum, role) => sum + judgedOf(seen, role), 0),
  },
  'AWS::IAM::Role': {
    by: 'services and roles that became it',
    count: (seen) => judgedOn(seen, arnOf(seen.resource)),
  },
  'AWS::KMS::Alias': {
    by: 'calls that named the key by it',
    count: (seen) => judgedOn(seen, seen.fleet.cloud.book.keyNamed(arnOf(seen.resource)) ?? 'none'),
  },
  'AWS::KMS::Key': {
    by: 'uses that its policy let through',
    count: (seen) => judgedOn(seen, arnOf(seen.resource)),
  },
  'AWS::Lambda::Alias': {
    by: 'calls that it led on',
    count: ({ fleet, resource }) => fleet.cloud.functions.alias(nameOf(resource))?.calls ?? 0,
  },
  'AWS::Lambda::EventInvokeConfig': {
    by: 'calls that nobody waited for',
    count: (seen) => seen.fleet.cloud.functions.calls(functionArn(seen)).count,
  },
  'AWS::Lambda::EventSourceMapping': {
    by: 'calls for what its source brought',
    count: ({ fleet, resource }) => fleet.cloud.sources.counts(nameOf(resource))?.calls ?? 0,
  },
  'AWS::Lambda::Function': {
    by: 'calls of the bundle',
    count: ({ fleet, resource }) => fleet.cloud.functions.calls(arnOf(resource)).count,
  },
  'AWS::Lambda::Permission': {
    by: 'calls that it let in',
    count: (seen) => judgedOf(seen, String(seen.resource.request.properties.Principal)),
  },
  'AWS::Lambda::ResourcePolicy': {
    by: 'calls judged by it',
    count: (seen) => judgedOn(seen, nameOf(seen.resource)),
  },
  'AWS::Lambda::Url': {
    by: 'calls that it let in',
    count: (seen) => judgedFor(seen, 'lambda:InvokeFunctionUrl', nameOf(seen.resource)),
  },
  'AWS::Lambda::Version': {
    by: 'environments that run it',
    count: ({ fleet, resource }) => fleet.cloud.functions.host.environments(nameOf(resource)).length,
  },
  'AWS::Logs::LogGroup': { by: 'calls of functions that log to it', count: logged },
  'AWS::S3::Bucket': { by: 'entries in the journal', count: inJournal(nameOf) },
  'AWS::S3::BucketPolicy': {
    by: 'calls judged by it',
    count: (seen) => judgedOn(seen, `arn:aws:s3:::${String(seen.resource.request.properties.Bucket)}/`),
  },
  'AWS::SQS::Queue': {
    by: 'entries in the journal',
    count: inJournal(({ made }) => made.attributes.QueueName ?? ''),
  },
  'AWS::SQS::QueuePolicy': {
    by: 'calls judged by it',
    count: (seen) => queuesOf(seen).reduce((sum, arn) => sum + judgedOn(seen, arn), 0),
  },
  'AWS::SageMaker::Endpoint': { by: 'calls that it answered', count: invoked },
  'AWS::SageMaker::EndpointConfig': { by: 'calls of its endpoint', count: invoked },
  'AWS::SageMaker::InferenceComponent': {
    by: 'calls that IAM let through',
    count: (seen) => judgedOn(seen, nameOf(seen.resource)),
  },
  'AWS::SageMaker::Model': { by: 'calls of its copies', count: invoked },
  'AWS::Scheduler::Schedule': {
    by: 'times it fired',
    count: ({ fleet, resource }) => fleet.cloud.schedules.seen(arnOf(resource))?.fired ?? 0,
  },
};

function queuesOf({ resource }: Seen): string[] {
  const { region, properties } = resource.request;
  return (properties.Queues as string[]).map(
    (url) => `arn:aws:sqs:${region}:${url.split('/').slice(-2).join(':')}`,
  );
}

interface TypeRow {
  deployed: number;
  readonly idle: string[];
}

export interface WatchedFleet {
  readonly fleet: DeployedFleet;
  /** How many verdicts there were when the fleet stood. */
  readonly since: number;
}

async function addRows(rows: Map<string, TypeRow>, { fleet, since }: WatchedFleet): Promise<void> {
  const journal = await fleet.journal();
  const allowed = fleet.cloud.judge.verdicts.slice(since).filter(({ isAllowed }) => isAllowed);
  for (const { resources, place } of fleet.deployment.stacks.values()) {
    for (const [logicalId, resource] of resources) {
      const { type } = resource.definition;
      const row = rows.get(type) ?? { deployed: 0, idle: [] };
      rows.set(type, row);
      row.deployed += 1;
      const count = proofs[type]?.count({ fleet, resource, journal, allowed }) ?? 0;
      if (count === 0) row.idle.push(`${place.stackName} ${logicalId}`);
    }
  }
}

export interface DeployedReport {
  /** With numbers, and the names of those that were not. */
  readonly text: string;
  /** For the documentation: which types were seen at work, and by what. */
  readonly document: string;
}

/** What stands, type by type, and how much of it was seen at work. */
export async function deployedReport(fleets: readonly WatchedFleet[]): Promise<DeployedReport> {
  const byType = new Map<string, TypeRow>();
  for (const watched of fleets) await addRows(byType, watched);
  const rows = [...byType].sort(([left], [right]) => (left < right ? -1 : 1));
  const text = rows.map(([type, { deployed, idle }]) => {
    return `${type.padEnd(36)} ${deployed - idle.length} of ${deployed} exercised: ${proofs[type]?.by ?? 'kept only'}${
      idle.length === 0 || idle.length === deployed ? '' : ` (not ${idle.join(', ')})`
    }`;
  });
  const lines = rows.map(([type, { deployed, idle }]) => {
    const seen = idle.length === deployed ? 'no' : idle.length === 0 ? 'every one' : 'some';
    return `| \`${type}\` | ${seen} | ${proofs[type]?.by ?? 'kept only: nothing here acts on it'} |`;
  });
  const document = [
    '# What the deployed fleet exercises',
    '',
    'Made by `vitest run test/deployed/fleet -u`: the synthesised stacks of two deployments, one of two accounts and six',
    'regions behind REST APIs with an audit trail, one of one region behind a function URL with GPUs of its own, are deployed',
    'to local AWS and run there, planted defects included. A resource counts as exercised where the run left a trace of it:',
    'a call in the journal, a verdict of IAM on a call after the deployment, or a counter of what runs it. The test prints',
    'how many, and which were not: queues of failed calls of functions that did not fail, for example.',
    '',
    'A third deployment stands without its bundles (`test/deployed/names.test.ts`): certificates, domain names, records and health',
    'checks are followed from a name to the stage that answers it; web ACLs, their logs, sinks and links are held to what AWS',
    'takes of them. These are kept only: no request passes a web ACL here, and no metric a sink.',
    '',
    '| resource type | exercised | evidence |',
    '| --- | --- | --- |',
    ...lines,
    '',
  ].join('\n');
  return { text: text.join('\n'), document };
}
