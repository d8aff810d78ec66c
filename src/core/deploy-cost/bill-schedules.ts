import type { BillLine } from './bill-line.ts';
import { type Biller, type BillSetting, lineAt } from './bill-setting.ts';
import { membersOf, referredTo, textOf } from './deployed-stack.ts';
import { type BilledFunction, functionsOf } from './function-kind.ts';
import { runsPerMonth } from './runs-per-month.ts';
import { LOG_BYTES_PER_RUN } from './usage.ts';

/** What a run of discovery, plan or verify publishes goes out in one request. */
const PUTS_PER_RUN = 1;

/** Clocks and the functions that they start: calls, time, log, and the requests by which metrics are published. */
export const billSchedules: Biller = ({ resources }, setting) => {
  const functions = functionsOf(resources, setting.deployment);
  return resources
    .filter(({ type, properties }) => type === 'AWS::Scheduler::Schedule' && properties.State !== 'DISABLED')
    .flatMap(({ properties }) => {
      const runs = runsPerMonth(textOf(properties, 'ScheduleExpression') ?? '');
      const target = functions.get(referredTo(membersOf(properties.Target).Arn) ?? '');
      const name = target?.kind ?? textOf(properties, 'Name') ?? '';
      return [
        ...lineAt(setting, 'scheduler-invocation', name, runs),
        ...(target === undefined ? [] : billRuns(setting, target, runs)),
      ];
    });
};

/** Calls of a function that does its work and is done, whoever calls it. */
export function billRuns(setting: BillSetting, target: BilledFunction, runs: number): readonly BillLine[] {
  const { kind, memoryMebibytes, timeoutMs } = target;
  const known: Readonly<Record<string, number>> = setting.usage.runMs;
  const ms = known[kind] ?? timeoutMs;
  const publishes = kind in known;
  return [
    ...lineAt(setting, 'lambda-request', kind, runs),
    ...lineAt(setting, 'lambda-duration', kind, runs * ms * memoryMebibytes),
    ...lineAt(setting, 'logs-ingestion', kind, runs * LOG_BYTES_PER_RUN),
    ...lineAt(setting, 'logs-storage', kind, runs * LOG_BYTES_PER_RUN),
    ...lineAt(setting, 'cloudwatch-put', kind, publishes ? runs * PUTS_PER_RUN : 0),
  ];
}
