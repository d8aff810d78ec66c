/** Defects that a deployment refuses: nothing has to run for them to be found. */
import { changing, type TemplateChange, tableStatements, withoutAction } from './template-changes.ts';

export interface RefusedDefect {
  readonly what: string;
  readonly stack: string;
  readonly change: TemplateChange;
  /** What the deployment says, with all that the stack depends on standing. */
  readonly says: string;
}

const state = 'State-us-east-1';
const control = 'Control-111111111111-us-east-1';
const discovery = 'Discovery-222222222222-eu-west-1';
const gateway = 'Gateway-us-east-1';

const discover = (what: string, change: TemplateChange, says: string): RefusedDefect => ({
  what,
  stack: discovery,
  change,
  says,
});
const inGateway = (what: string, change: TemplateChange, says: string): RefusedDefect => ({
  what,
  stack: gateway,
  change,
  says,
});

const theFunction = (change: (properties: Record<string, unknown>) => void): TemplateChange =>
  changing('AWS::Lambda::Function', 'Discover', ({ Properties }) => change(Properties));
const gatewayFunction = (change: (properties: Record<string, unknown>) => void): TemplateChange =>
  changing('AWS::Lambda::Function', 'GatewayFunction', ({ Properties }) => change(Properties));

export const refusedDefects: readonly RefusedDefect[] = [
  discover(
    'an unknown property',
    theFunction((properties) => {
      properties.MemoryInMegabytes = 512;
    }),
    'AWS::Lambda::Function: unknown property MemoryInMegabytes',
  ),
  discover(
    'an unknown property deep inside',
    changing('AWS::Scheduler::Schedule', '', ({ Properties }) => {
      Properties.Target.RetryPolicy.MaximumAttempts = 2;
    }),
    'unknown property Target.RetryPolicy.MaximumAttempts',
  ),
  discover(
    'an unknown resource type',
    ({ Resources }) => {
      Resources.Topic = { Type: 'AWS::SNS::Topic', Properties: {} };
    },
    'Topic: the resource type AWS::SNS::Topic is not known',
  ),
  discover(
    'a reference to what is not there',
    changing('AWS::Scheduler::Schedule', '', ({ Properties }) => {
      Properties.Target.Arn = { 'Fn::GetAtt': ['DiscoverFunktion', 'Arn'] };
    }),
    'DiscoverFunktion has no attribute Arn',
  ),
  discover(
    'the wrong handler',
    theFunction((properties) => {
      properties.Handler = 'handler.handler';
    }),
    'Handler handler.handler: the bundle has no module handler',
  ),
  discover(
    'the wrong runtime',
    theFunction((properties) => {
      properties.Runtime = 'nodejs20.x';
    }),
    'runtime: got "nodejs20.x"',
  ),
  discover(
    'the wrong architecture',
    theFunction((properties) => {
      properties.Architectures = ['armv7'];
    }),
    'Architectures armv7: want arm64 or x86_64',
  ),
  discover(
    'a bundle that nobody published',
    theFunction((properties) => {
      properties.Code = { S3Bucket: 'cdk-hnb659fds-assets-222222222222-eu-west-1', S3Key: 'gone.zip' };
    }),
    'the asset s3://cdk-hnb659fds-assets-222222222222-eu-west-1/gone.zip is missing',
  ),
  discover(
    'a variable that Lambda keeps for itself',
    theFunction((properties) => {
      properties.Environment = { Variables: { AWS_REGION: 'us-east-1' } };
    }),
    'Lambda sets AWS_REGION itself',
  ),
  discover(
    'a role that Lambda is not trusted with',
    changing('AWS::IAM::Role', 'DiscoverRole', ({ Properties }) => {
      Properties.AssumeRolePolicyDocument.Statement[0].Principal = { Service: 'ec2.amazonaws.com' };
    }),
    'the role arn:aws:iam::222222222222:role/acme-discover-eu-west-1 cannot be assumed by lambda.amazonaws.com',
  ),
  discover(
    'a role that trusts the scheduler of another account',
    changing('AWS::IAM::Role', 'ScheduleRole', ({ Properties }) => {
      const { Condition } = Properties.AssumeRolePolicyDocument.Statement[0];
      Condition.StringEquals['aws:SourceAccount'] = '333333333333';
    }),
    'cannot be assumed by scheduler.amazonaws.com',
  ),
  discover(
    'a schedule that may not call its function',
    withoutAction('lambda:InvokeFunction'),
    'may not lambda:InvokeFunction on arn:aws:lambda:eu-west-1:222222222222:function:acme-discover',
  ),
  discover(
    'a schedule at no time',
    changing('AWS::Scheduler::Schedule', '', ({ Properties }) => {
      Properties.ScheduleExpression = 'cron(0/5 * * *)';
    }),
    'cron(0/5 * * *) is neither rate(…) nor cron(…) of six fields',
  ),
  discover(
    'a role that may not write to the queue of failed calls',
    withoutAction('sqs:SendMessage', 'DiscoverRole'),
    'the role arn:aws:iam::222222222222:role/acme-discover-eu-west-1 may not sqs:SendMessage',
  ),
  discover(
    'a role that may not write its log',
    withoutAction('logs:PutLogEvents'),
    'the role arn:aws:iam::222222222222:role/acme-discover-eu-west-1 may not logs:PutLogEvents',
  ),
  discover(
    'a log group that is called otherwise',
    theFunction((properties) => {
      properties.LoggingConfig = { LogGroup: '/spillway/acme-discovery' };
    }),
    'there is no log group /spillway/acme-discovery',
  ),
  {
    what: 'a stream that the function may not read',
    stack: control,
    change: withoutAction('dynamodb:GetRecords'),
    says: 'the role arn:aws:iam::111111111111:role/acme-plan-us-east-1 may not dynamodb:GetRecords',
  },
  {
    what: 'a stream that nobody exports',
    stack: control,
    change: changing('AWS::Lambda::EventSourceMapping', '', ({ Properties }) => {
      Properties.EventSourceArn = { 'Fn::ImportValue': 'acme-State-us-east-1:Changes' };
    }),
    says: 'no stack exports acme-State-us-east-1:Changes',
  },
  {
    what: 'a global table without the stream that replicas need',
    stack: state,
    change: changing('AWS::DynamoDB::GlobalTable', 'Routes', ({ Properties }) => {
      Properties.StreamSpecification = undefined;
      delete Properties.StreamSpecification;
    }),
    says: 'a table with several replicas needs StreamSpecification NEW_AND_OLD_IMAGES',
  },
  {
    what: 'a table whose home has no replica',
    stack: state,
    change: changing('AWS::DynamoDB::GlobalTable', 'Observations', (table) => {
      tableStatements(table, 'us-east-1');
      table.Properties.Replicas[0].Region = 'us-west-2';
    }),
    says: 'Replicas must name the region of the stack, us-east-1',
  },
  inGateway(
    'a key whose policy leaves its own account out',
    changing('AWS::KMS::Key', 'EnvironmentKey', ({ Properties }) => {
      for (const statement of Properties.KeyPolicy.Statement)
        statement.Principal = { AWS: 'arn:aws:iam::999999999999:root' };
    }),
    'the role arn:aws:iam::111111111111:role/acme-gateway-us-east-1 may not kms:Decrypt',
  ),
  inGateway(
    'a dispatcher that may not take from its queue',
    withoutAction('sqs:ReceiveMessage'),
    'the role arn:aws:iam::111111111111:role/acme-gateway-us-east-1 may not sqs:ReceiveMessage',
  ),
  inGateway(
    'a pepper that nobody made',
    gatewayFunction((properties) => {
      const { Variables } = properties.Environment as { Variables: Record<string, string> };
      Variables.SPILLWAY_KEY_PEPPER = '{{resolve:secretsmanager:acme/peper:SecretString:::}}';
    }),
    'there is no secret acme/peper in 111111111111 us-east-1',
  ),
  inGateway(
    'a door that waits for the whole answer at a streaming function',
    changing('AWS::ApiGateway::Method', 'proxy', ({ Properties }) => {
      Properties.Integration.ResponseTransferMode = 'BUFFERED';
      Properties.Integration.TimeoutInMillis = 29_000;
    }),
    'BUFFERED wants 2015-03-31 and invocations',
  ),
  inGateway(
    'a dead letter queue that is not there',
    changing('AWS::SQS::Queue', 'BulkLaneQueue0', ({ Properties }) => {
      Properties.RedrivePolicy.deadLetterTargetArn = 'arn:aws:sqs:us-east-1:111111111111:acme-batches-gone';
    }),
    'Dead letter target arn:aws:sqs:us-east-1:111111111111:acme-batches-gone does not exist',
  ),
  inGateway(
    'a lock of a mode that S3 does not know',
    changing('AWS::S3::Bucket', 'AuditTrail', ({ Properties }) => {
      Properties.ObjectLockConfiguration.Rule.DefaultRetention.Mode = 'ARCHIVE';
    }),
    'DefaultRetention must have a Mode of GOVERNANCE or COMPLIANCE',
  ),
  inGateway(
    'a lock on a bucket that was not made with one',
    changing('AWS::S3::Bucket', 'AuditTrail', ({ Properties }) => {
      Properties.ObjectLockEnabled = false;
    }),
    'ObjectLockEnabled',
  ),
  inGateway(
    'a queue that shows a message again while its sealer still works',
    changing('AWS::SQS::Queue', 'AuditTrailQueue', ({ Properties }) => {
      Properties.VisibilityTimeout = 30;
    }),
    'Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds',
  ),
  inGateway(
    'a batch of records that nobody gathers',
    changing('AWS::Lambda::EventSourceMapping', 'AuditTrail', ({ Properties }) => {
      delete Properties.MaximumBatchingWindowInSeconds;
    }),
    'BatchSize 500 wants MaximumBatchingWindowInSeconds of 1 or more',
  ),
];
