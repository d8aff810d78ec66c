import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { acme, checkedConfig } from '#test/lib/acme.ts';
import { identityStatements, statementOf, synthesized } from '#test/lib/synthesized.ts';

const { template, stacks } = synthesized();
const frankfurt = template('Gateway-eu-central-1');

describe('GatewayStack', () => {
  it('streams everything through a regional front door', () => {
    frankfurt.hasResourceProperties('AWS::ApiGateway::RestApi', {
      EndpointConfiguration: { Types: ['REGIONAL'] },
    });
    const methods = Object.values(frankfurt.findResources('AWS::ApiGateway::Method'));
    expect(methods).toHaveLength(2);
    for (const { Properties } of methods) {
      expect(Properties).toMatchObject({
        HttpMethod: 'ANY',
        Integration: { Type: 'AWS_PROXY', ResponseTransferMode: 'STREAM', TimeoutInMillis: 310_000 },
      });
      expect(JSON.stringify(Properties.Integration.Uri)).toContain('/response-streaming-invocations');
    }
  });

  it('has words of its own for what never comes to the function, in the place of the platform’s', () => {
    const answers = Object.values(frankfurt.findResources('AWS::ApiGateway::GatewayResponse')).map(
      ({ Properties: { ResponseType, StatusCode, ResponseParameters, ResponseTemplates } }) => {
        const filled = ResponseTemplates['application/json']
          .replaceAll('$context.error.messageString', '"said"')
          .replace('$context.requestId', 'r-1');
        const { error, message, request_id } = JSON.parse(filled);
        expect([error.message, request_id]).toEqual([message, 'r-1']);
        const retry = ResponseParameters?.['gatewayresponse.header.retry-after'] ?? '-';
        return [ResponseType, StatusCode ?? '-', retry, error.code].join(' ');
      },
    );
    expect(answers.sort()).toEqual([
      'DEFAULT_4XX - - front_door_refused',
      'DEFAULT_5XX - - internal_error',
      "INTEGRATION_FAILURE 503 '1' not_ready",
      'INTEGRATION_TIMEOUT 504 - deadline_exceeded',
      'REQUEST_TOO_LARGE 413 - request_too_large',
      "THROTTLED 429 '1' capacity_exhausted",
    ]);
  });

  it('logs who called what, never a body, a header or a query, for six months', () => {
    frankfurt.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 180 });
    frankfurt.hasResourceProperties('AWS::ApiGateway::Stage', {
      MethodSettings: [Match.objectLike({ DataTraceEnabled: false, LoggingLevel: 'ERROR' })],
    });
    const [stage] = Object.values(frankfurt.findResources('AWS::ApiGateway::Stage'));
    expect(Object.keys(JSON.parse(stage?.Properties.AccessLogSetting.Format))).toEqual([
      'at',
      'requestId',
      'method',
      'path',
      'status',
      'responseBytes',
      'latencyMs',
      'integrationLatencyMs',
    ]);
  });

  it('outlives the longest deadline that the configuration allows, up to 15 minutes', () => {
    frankfurt.hasResourceProperties('AWS::Lambda::Function', { Timeout: 310 });
    const config = checkedConfig({ ...acme, deadlines: { ...acme.deadlines, totalMs: 900_000 } });
    synthesized({ config })
      .template('Gateway-eu-central-1')
      .hasResourceProperties('AWS::Lambda::Function', { Timeout: 900 });
  });

  it('reads routes in its own region, tells what fails there and becomes the access roles of other accounts', () => {
    const routes = ['arn:aws:dynamodb:eu-central-1:111111111111:table/acme-routes'];
    expect(statementOf(frankfurt, 'ReadRoutes').Resource).toEqual(routes);
    expect(statementOf(frankfurt, 'TellWhatFails')).toMatchObject({
      Resource: routes,
      Condition: {
        'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['#signals#eu-central-1', '#health'] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    });
    expect(statementOf(frankfurt, 'BecomeAccessRoles').Resource).toEqual([
      'arn:aws:iam::111111111111:role/acme-gateway-access',
      'arn:aws:iam::333333333333:role/acme-gateway-access',
    ]);
  });

  it('reads the keys of tenants in its own region, all at once', () => {
    expect(statementOf(frankfurt, 'ReadKeys')).toMatchObject({
      Action: ['dynamodb:Scan'],
      Resource: ['arn:aws:dynamodb:eu-central-1:111111111111:table/acme-tenants'],
    });
  });

  it('keeps the rates of tenants in a table of its own, and touches it by update and read alone', () => {
    expect(statementOf(template('Gateway-eu-west-1'), 'UseLedger')).toMatchObject({
      Action: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
      Resource: ['arn:aws:dynamodb:eu-west-1:222222222222:table/acme-ledger'],
    });
  });

  it('keeps the slots of targets in another, and touches it no more than that', () => {
    expect(statementOf(template('Gateway-eu-west-1'), 'UseCapacity')).toMatchObject({
      Action: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
      Resource: ['arn:aws:dynamodb:eu-west-1:222222222222:table/acme-capacity'],
    });
  });

  it('names its tables for good: under other ids CloudFormation would try to make them twice', () => {
    expect(Object.keys(frankfurt.findResources('AWS::DynamoDB::GlobalTable'))).toEqual([
      'LedgerTable9343E4AA',
      'CapacityTable67B79B6A',
      'BulkLaneTable60750C22',
    ]);
    expect(Object.keys(frankfurt.findResources('AWS::S3::Bucket'))).toEqual(['BulkLaneBucketF4775EB3']);
  });

  it('is given the pepper by reference, in an environment that a key of its own encrypts', () => {
    const keys = Object.keys(frankfurt.findResources('AWS::KMS::Key'));
    const keyId = keys.find((id) => id.startsWith('GatewayEnvironmentKey'));
    frankfurt.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
    frankfurt.hasResourceProperties('AWS::Lambda::Function', {
      KmsKeyArn: { 'Fn::GetAtt': [keyId, 'Arn'] },
      Environment: {
        Variables: Match.objectLike({
          SPILLWAY_KEY_PEPPER: '{{resolve:secretsmanager:acme/key-pepper:SecretString:::}}',
        }),
      },
    });
    const decrypts = identityStatements(frankfurt).filter(
      ({ Action, Sid }) =>
        Action.includes('kms:Decrypt') && !['UseBatchKey', 'UseStateKeys', 'UseTableKey'].includes(Sid ?? ''),
    );
    expect(decrypts.map(({ Resource }) => Resource)).toEqual([[{ 'Fn::GetAtt': [keyId, 'Arn'] }]]);
  });

  it('calls the models of its own account as itself', () => {
    expect(statementOf(frankfurt, 'CallProfiles').Resource).toContain(
      'arn:aws:bedrock:eu-north-1:222222222222:inference-profile/eu.amazon.nova-lite-v1:0',
    );
  });

  it('holds no permission on a wildcard and publishes no metric by itself', () => {
    const statements = identityStatements(frankfurt);
    // Objects and keys of other accounts get their names when they are made; conditions and prefixes bound them.
    const named = statements.filter(({ Sid }) => !['KeepBatchFiles', 'UseStateKeys'].includes(Sid ?? ''));
    expect(
      named.flatMap(({ Resource }) => Resource).filter((arn) => JSON.stringify(arn).includes('*')),
    ).toEqual([]);
    expect(statements.flatMap(({ Action }) => Action)).not.toContain('cloudwatch:PutMetricData');
  });

  it('keeps files and batches in its own account and region, under a key of its own, by a dispatcher of its own', () => {
    const bucket = 'arn:aws:s3:::acme-batches-222222222222-eu-central-1';
    expect(statementOf(frankfurt, 'KeepBatchFiles').Resource).toEqual([
      `${bucket}/files/*`,
      `${bucket}/work/*`,
    ]);
    expect(statementOf(frankfurt, 'UseBatches')).toMatchObject({
      Action: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      Resource: ['arn:aws:dynamodb:eu-central-1:222222222222:table/acme-batches'],
    });
    const functions = Object.values(frankfurt.findResources('AWS::Lambda::Function'));
    const named = (name: string) => functions.find(({ Properties }) => Properties.FunctionName === name);
    expect(named('acme-dispatch')?.Properties.Role).toEqual(named('acme-gateway')?.Properties.Role);
    const off = checkedConfig({ ...acme, batches: { enabled: false } });
    const without = synthesized({ config: off }).template('Gateway-eu-central-1');
    without.resourceCountIs('AWS::S3::Bucket', 0);
    without.resourceCountIs('AWS::SQS::Queue', 0);
  });

  it('reserves concurrency only where it is asked for', () => {
    frankfurt.hasResourceProperties('AWS::Lambda::Function', {
      ReservedConcurrentExecutions: Match.absent(),
    });
    synthesized({ gatewayConcurrency: 40 })
      .template('Gateway-eu-central-1')
      .hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: 40 });
  });

  it('says the base URL and offers what alarms need', () => {
    frankfurt.hasOutput('BaseUrl', {});
    expect(stacks.gateways[0]?.frontDoor.metricServerErrors().metricName).toBe('5XXError');
    expect(stacks.gateways[0]?.gateway.metricFailedCallsWaiting()).toBeUndefined();
  });

  it('may carry out operations where there are operators, on exactly the items that they change', () => {
    const operators = { principals: ['arn:aws:iam::111111111111:role/ops'], tokens: [] };
    const iam = checkedConfig({
      ...acme,
      operators,
      frontDoor: { authorization: 'iam' },
      keys: { pepperOverlap: true },
    });
    const operated = synthesized({ config: iam }).template('Gateway-eu-central-1');
    const table = (region: string) => [`arn:aws:dynamodb:${region}:111111111111:table/acme-routes`];
    const partitionsOf = (sid: string) => {
      const statement = statementOf(operated, sid);
      return { resource: statement.Resource, condition: statement.Condition };
    };
    const only = (partitions: readonly string[]) => ({
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': partitions },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    });
    const models = Object.keys(acme.models);
    expect(partitionsOf('OperateRoutes')).toEqual({
      resource: table('us-east-1'),
      condition: only([...models, '#control#us-east-1']),
    });
    expect(partitionsOf('OperateHistory')).toEqual({
      resource: table('us-east-1'),
      condition: only(models.map((model) => `history#${model}`)),
    });
    expect(partitionsOf('OperateHere')).toEqual({
      resource: table('eu-central-1'),
      condition: only(['#control#eu-central-1', '#audit#eu-central-1']),
    });
    operated.allResourcesProperties('AWS::ApiGateway::Method', { AuthorizationType: 'AWS_IAM' });
    const [api] = Object.values(operated.findResources('AWS::ApiGateway::RestApi'));
    expect(JSON.stringify(api?.Properties.Policy)).toContain('role/ops');
    const [lambda] = Object.values(
      operated.findResources('AWS::Lambda::Function', {
        Properties: { FunctionName: 'acme-gateway' },
      }),
    );
    expect(lambda?.Properties.Environment.Variables).toMatchObject({
      SPILLWAY_KEY_PEPPER: '{{resolve:secretsmanager:acme/key-pepper:SecretString:::}}',
      SPILLWAY_KEY_PEPPER_PREVIOUS: '{{resolve:secretsmanager:acme/key-pepper:SecretString::AWSPREVIOUS:}}',
    });
  });

  it('has no permission for operations where nobody may order them, and one pepper', () => {
    expect(identityStatements(frankfurt).filter(({ Sid = '' }) => Sid.startsWith('Operate'))).toEqual([]);
    expect(JSON.stringify(frankfurt.toJSON())).not.toContain('AWSPREVIOUS');
  });
});
