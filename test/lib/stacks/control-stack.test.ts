import { describe, expect, it } from 'vitest';
import { acme, checkedConfig } from '#test/lib/acme.ts';
import { identityStatements, statementOf, synthesized } from '#test/lib/synthesized.ts';

const { template } = synthesized();
const control = template('Control-111111111111-us-east-1');

function schedules(from = control): Readonly<Record<string, string>> {
  const found = Object.values(from.findResources('AWS::Scheduler::Schedule'));
  return Object.fromEntries(
    found.map(({ Properties }) => [Properties.Name, `${Properties.State} ${Properties.ScheduleExpression}`]),
  );
}

describe('ControlStack', () => {
  it('runs plan and verify every five minutes', () => {
    expect(schedules()).toEqual({
      'acme-plan': 'ENABLED cron(0/5 * * * ? *)',
      'acme-verify': 'ENABLED cron(0/5 * * * ? *)',
    });
  });

  it('lets verify rest where the configuration turns it off', () => {
    const config = checkedConfig({ ...acme, verify: { ...acme.verify, enabled: false } });
    const resting = synthesized({ config }).template('Control-111111111111-us-east-1');
    expect(schedules(resting)['acme-verify']).toMatch(/^DISABLED/);
    expect(schedules(resting)['acme-plan']).toMatch(/^ENABLED/);
  });

  it('starts plan within seconds when the targets of a region changed, and for nothing else', () => {
    control.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      StartingPosition: 'LATEST',
      MaximumBatchingWindowInSeconds: 2,
      FilterCriteria: {
        Filters: [{ Pattern: JSON.stringify({ dynamodb: { Keys: { item: { S: ['targets'] } } } }) }],
      },
    });
  });

  it('lets plan publish routes in its own region and read observations', () => {
    expect(statementOf(control, 'PublishRoutes').Resource).toEqual([
      'arn:aws:dynamodb:us-east-1:111111111111:table/acme-routes',
    ]);
    const reads = identityStatements(control).filter(({ Sid }) => Sid === 'ReadObservations');
    expect(reads).toHaveLength(2);
    for (const { Resource } of reads)
      expect(Resource).toEqual(['arn:aws:dynamodb:us-east-1:111111111111:table/acme-observations']);
  });

  it('lets verify write its own partition of the observations, and nothing of the routes', () => {
    expect(statementOf(control, 'WriteVerifications')).toMatchObject({
      Action: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      Resource: ['arn:aws:dynamodb:us-east-1:111111111111:table/acme-observations'],
      Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['#verification'] } },
    });
    expect(statementOf(control, 'ReadRoutes').Action).toEqual(['dynamodb:GetItem', 'dynamodb:Query']);
  });

  it('lets verify, and not plan, become the access roles of the other accounts', () => {
    expect(statementOf(control, 'BecomeAccessRoles')).toMatchObject({
      Action: ['sts:AssumeRole'],
      Resource: [
        'arn:aws:iam::222222222222:role/acme-gateway-access',
        'arn:aws:iam::333333333333:role/acme-gateway-access',
      ],
    });
  });

  it('keeps plan and verify at rest in the region that stands by', () => {
    const config = checkedConfig({ ...acme, standby: 'us-west-2' });
    const standby = synthesized({ config }).template('Control-111111111111-us-west-2');
    expect(Object.values(schedules(standby)).filter((schedule) => !schedule.startsWith('DISABLED'))).toEqual(
      [],
    );
    standby.resourceCountIs('AWS::Lambda::EventSourceMapping', 0);
    expect(statementOf(standby, 'PublishRoutes').Resource).toEqual([
      'arn:aws:dynamodb:us-west-2:111111111111:table/acme-routes',
    ]);
  });

  it('watches plan, verify and what plan says, and nothing that rests', () => {
    control.resourceCountIs('AWS::CloudWatch::Alarm', 12);
    control.resourceCountIs('AWS::CloudWatch::CompositeAlarm', 1);
    const config = checkedConfig({
      ...acme,
      standby: 'us-west-2',
      verify: { ...acme.verify, enabled: false },
    });
    const { template: resting } = synthesized({ config });
    resting('Control-111111111111-us-west-2').resourceCountIs('AWS::CloudWatch::Alarm', 0);
    resting('Control-111111111111-us-west-2').resourceCountIs('AWS::CloudWatch::CompositeAlarm', 0);
    resting('Control-111111111111-us-east-1').resourceCountIs('AWS::CloudWatch::Alarm', 8);
  });

  it('forgets both logs after a month', () => {
    control.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
  });
});
