import type { Cloud } from '../cloud.ts';
import { trustContext } from '../parts/schedule-book.ts';
import { accountOf } from '../parts/service-access.ts';
import type { Made, ResourceHandler, ResourceRequest } from '../resource-handler.ts';
import type { Json } from '../template.ts';

export const schedule: ResourceHandler<Cloud> = {
  type: 'AWS::Scheduler::Schedule',
  properties: {
    Description: 'text',
    FlexibleTimeWindow: { Mode: 'text' },
    Name: 'text',
    ScheduleExpression: 'text',
    ScheduleExpressionTimezone: 'text',
    State: 'text',
    Target: {
      Arn: 'text',
      DeadLetterConfig: { Arn: 'text' },
      Input: 'text',
      RetryPolicy: { MaximumEventAgeInSeconds: 'number', MaximumRetryAttempts: 'number' },
      RoleArn: 'text',
    },
  },
  required: ['FlexibleTimeWindow', 'ScheduleExpression', 'Target'],
  createOnly: ['Name'],
  async create(request, cloud) {
    const arn = arnOf(request);
    if (cloud.schedules.seen(arn) !== undefined) throw new Error(`ConflictException: ${arn}`);
    return put(request, cloud);
  },
  update: ({ request }, cloud) => put(request, cloud),
  async remove({ made }, { schedules }) {
    schedules.remove(made.attributes.Arn ?? '');
  },
};

function arnOf(request: ResourceRequest): string {
  const name = String(request.properties.Name ?? request.nameOf(64));
  return `arn:aws:scheduler:${request.region}:${request.account}:schedule/default/${name}`;
}

async function put(request: ResourceRequest, cloud: Cloud): Promise<Made> {
  const {
    FlexibleTimeWindow,
    ScheduleExpression,
    ScheduleExpressionTimezone = 'UTC',
    State = 'ENABLED',
  } = request.properties;
  const target = request.properties.Target as Json;
  const mode = (FlexibleTimeWindow as Json).Mode;
  if (mode !== 'OFF')
    throw new Error(`FlexibleTimeWindow.Mode ${String(mode)}: schedules fire here on the minute`);
  if (ScheduleExpressionTimezone !== 'UTC') {
    throw new Error(
      `ScheduleExpressionTimezone ${String(ScheduleExpressionTimezone)}: only UTC is counted here`,
    );
  }
  if (State !== 'ENABLED' && State !== 'DISABLED')
    throw new Error(`State ${String(State)}: want ENABLED or DISABLED`);
  const arn = arnOf(request);
  const { account, region } = request;
  const roleArn = String(target.RoleArn);
  const context = trustContext(arn);
  await cloud.access.assume('scheduler.amazonaws.com', roleArn, { account, region, context });
  const targetArn = String(target.Arn);
  cloud.functions.find(targetArn);
  // Scheduler finds these two only when it fires, and then nobody is there to read it.
  const call = { action: 'lambda:InvokeFunction', resource: targetArn, account: accountOf(targetArn) };
  await cloud.access.require(roleArn, call, region);
  const deadLetterArn = (target.DeadLetterConfig as Json | undefined)?.Arn as string | undefined;
  if (deadLetterArn !== undefined) {
    const keep = { action: 'sqs:SendMessage', resource: deadLetterArn, account: accountOf(deadLetterArn) };
    await cloud.access.require(roleArn, keep, region);
  }
  cloud.schedules.put({
    arn,
    expression: String(ScheduleExpression),
    isEnabled: State === 'ENABLED',
    targetArn,
    roleArn,
    input: String(target.Input ?? '{}'),
    deadLetterArn,
  });
  return { physicalId: arn.split('/').at(-1) ?? '', attributes: { Arn: arn } };
}
