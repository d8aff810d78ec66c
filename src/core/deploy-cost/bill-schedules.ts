import type { BillLine } from './bill-line.ts';
import { type Biller, type BillSetting, lineAt } from './bill-setting.ts';
import { membersOf, referredTo, textOf } from './deployed-stack.ts';
import { type BilledFunction, functionsOf } from './function-kind.ts';
import { runsPerMonth } from './runs-per-month.ts';
import { LOG_BYTES_PER_RUN } from './usage.ts';

/** What a run of these publishes goes out in one request; others write metrics into their logs, or none. */
const PUTS_PER_RUN = 1;
const PUBLISHING: readonly string[] = ['discover', 'plan', 'verify'];

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
        ...lineAt(setting, { item: 'scheduler-invocation', of: name, quantity: runs }),
        ...(target === undefined ? [] : billRuns(setting, target, runs)),
      ];
    });
};

/** Calls of a function that does its work and is done, whoever calls it. */
export function billRuns(setting: BillSetting, target: BilledFunction, runs: number): readonly BillLine[] {
  const { kind, memoryMebibytes, timeoutMs } = target;
  const known: Readonly<Record<string, number>> = setting.usage.runMs;
  const ms = known[kind] ?? timeoutMs;
  const publishes = PUBLISHING.includes(kind);
  return [
    ...lineAt(setting, { item: 'lambda-request', of: kind, quantity: runs }),
    ...lineAt(setting, { item: 'lambda-duration', of: kind, quantity: runs * ms * memoryMebibytes }),
    ...lineAt(setting, { item: 'logs-ingestion', of: kind, quantity: runs * LOG_BYTES_PER_RUN }),
    ...lineAt(setting, { item: 'logs-storage', of: kind, quantity: runs * LOG_BYTES_PER_RUN }),
    ...lineAt(setting, { item: 'cloudwatch-put', of: kind, quantity: publishes ? runs * PUTS_PER_RUN : 0 }),
  ];
}
