import { billRuns } from './bill-schedules.ts';
import { type Biller, type BillSetting, lineAt } from './bill-setting.ts';
import { billAnswering, billObserving } from './bill-tables.ts';
import { type DeployedStack, membersOf, partOf, referredTo, textOf } from './deployed-stack.ts';
import { type BilledFunction, functionsOf } from './function-kind.ts';
import { runsPerMonth } from './runs-per-month.ts';
import { IDLE_POLLS_PER_QUEUE, LOG_BYTES_PER_REQUEST } from './usage.ts';

/** Requests, by what lets them in and answers them, and what tables they touch. */
export const billRequests: Biller = (stack, setting) => {
  const answering = [...functionsOf(stack.resources, setting.deployment).values()].find(
    ({ kind }) => kind === 'gateway',
  );
  if (answering === undefined) return [];
  const requests = Math.ceil(setting.usage.requests / setting.shape.gateways);
  const has = (type: string): boolean => stack.resources.some((resource) => resource.type === type);
  return [
    ...lineAt(setting, {
      item: 'rest-api-request',
      of: 'gateway',
      quantity: has('AWS::ApiGateway::RestApi') ? requests : 0,
    }),
    ...lineAt(setting, {
      item: 'waf-request',
      of: 'gateway',
      quantity: has('AWS::WAFv2::WebACL') ? requests : 0,
    }),
    ...billAnswers(setting, answering, requests),
    ...billAnswering(setting, requests),
  ];
};

function billAnswers(setting: BillSetting, { memoryMebibytes }: BilledFunction, requests: number) {
  const { answerMs } = setting.usage;
  return [
    ...lineAt(setting, { item: 'lambda-request', of: 'gateway', quantity: requests }),
    ...lineAt(setting, {
      item: 'lambda-duration',
      of: 'gateway',
      quantity: requests * answerMs * memoryMebibytes,
    }),
    ...lineAt(setting, { item: 'logs-ingestion', of: 'gateway', quantity: requests * LOG_BYTES_PER_REQUEST }),
    ...lineAt(setting, { item: 'logs-storage', of: 'gateway', quantity: requests * LOG_BYTES_PER_REQUEST }),
  ];
}

/** What discovery does to the tables of the home region. */
export const billObservation: Biller = (stack, setting) => {
  if (partOf(stack) !== 'Discovery') return [];
  const runs = stack.resources
    .filter(({ type }) => type === 'AWS::Scheduler::Schedule')
    .reduce((sum, { properties }) => sum + runsPerMonth(textOf(properties, 'ScheduleExpression') ?? ''), 0);
  return billObserving(setting, runs);
};

/** Functions that somebody else's change starts: the stream that wakes plan, and queues that are asked all day. */
export const billTriggers: Biller = (stack, setting) => {
  const functions = functionsOf(stack.resources, setting.deployment);
  return triggersOf(stack).flatMap(({ functionId, isQueue }) => {
    if (isQueue)
      return lineAt(setting, { item: 'sqs-request', of: 'idle queues', quantity: IDLE_POLLS_PER_QUEUE });
    const target = functions.get(functionId ?? '');
    const changes = setting.usage.changesPerPlace * setting.shape.accountRegions;
    return target === undefined ? [] : billRuns(setting, target, changes);
  });
};

function triggersOf({ resources }: DeployedStack) {
  return resources
    .filter(({ type }) => type === 'AWS::Lambda::EventSourceMapping')
    .map(({ properties }) => ({
      functionId: referredTo(properties.FunctionName),
      isQueue: isQueueArn(properties.EventSourceArn),
    }));
}

/** A queue stands in the template of who reads it, as its `Arn`; a stream is imported, or its table's `StreamArn`. */
function isQueueArn(value: unknown): boolean {
  const { 'Fn::GetAtt': attribute } = membersOf(value);
  return Array.isArray(attribute) && attribute[1] === 'Arn';
}
