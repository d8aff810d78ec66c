import * as client from '@aws-sdk/client-cloudwatch';
import { InvalidInput } from '../../wire/wire-error.ts';
import { readToken, writeToken } from './page-token.ts';

const pageSizeMax = 100;
const pageSizeDefault = 50;
const states: ReadonlySet<string> = new Set(Object.values(client.StateValue));

/** What DescribeAlarms can be asked for here. */
const knownQuestions: ReadonlySet<string> = new Set([
  'AlarmNamePrefix',
  'AlarmNames',
  'StateValue',
  'MaxRecords',
  'NextToken',
]);

/** Metric alarms of one account and region. They watch nothing: an alarm is in the state that it was last set to. */
export class AlarmStore {
  private readonly alarms = new Map<string, client.MetricAlarm>();

  put(input: client.PutMetricAlarmCommandInput): void {
    const { AlarmName, ComparisonOperator, EvaluationPeriods, Tags: _tags, ...rest } = input;
    if (!AlarmName || ComparisonOperator === undefined || EvaluationPeriods === undefined) {
      throw new InvalidInput(['AlarmName, ComparisonOperator and EvaluationPeriods are required']);
    }
    const known = this.alarms.get(AlarmName);
    this.alarms.set(AlarmName, {
      ...rest,
      ...{ AlarmName, ComparisonOperator, EvaluationPeriods },
      StateValue: known?.StateValue ?? 'INSUFFICIENT_DATA',
      ...(known?.StateReason === undefined ? {} : { StateReason: known.StateReason }),
    });
  }

  setState({ AlarmName, StateValue, StateReason }: client.SetAlarmStateCommandInput): void {
    if (StateValue === undefined || !states.has(StateValue) || StateReason === undefined) {
      throw new InvalidInput([`StateValue must be one of ${[...states].join(', ')}, with a StateReason`]);
    }
    const known = this.alarms.get(AlarmName ?? '');
    if (known === undefined) {
      throw new client.ResourceNotFound({ message: `there is no alarm ${AlarmName}`, $metadata: {} });
    }
    this.alarms.set(AlarmName ?? '', { ...known, StateValue, StateReason });
  }

  describe(input: client.DescribeAlarmsCommandInput): Partial<client.DescribeAlarmsCommandOutput> {
    const unknown = Object.keys(input).filter((name) => !knownQuestions.has(name));
    if (unknown.length > 0) throw new InvalidInput([`${unknown.join(', ')}: not offered by the local AWS`]);
    const { MaxRecords = pageSizeDefault, NextToken } = input;
    if (MaxRecords < 1 || MaxRecords > pageSizeMax) {
      throw new InvalidInput([`MaxRecords must be 1 to ${pageSizeMax}, not ${MaxRecords}`]);
    }
    const found = [...this.alarms.values()].filter((alarm) => fits(alarm, input)).sort(byName);
    const from = NextToken === undefined ? 0 : readToken(NextToken, found.length);
    return {
      MetricAlarms: found.slice(from, from + MaxRecords),
      ...(from + MaxRecords < found.length ? { NextToken: writeToken(from + MaxRecords) } : {}),
    };
  }
}

function fits(alarm: client.MetricAlarm, input: client.DescribeAlarmsCommandInput): boolean {
  const { AlarmName: name = '', StateValue: state } = alarm;
  if (input.AlarmNamePrefix !== undefined && !name.startsWith(input.AlarmNamePrefix)) return false;
  if (input.AlarmNames !== undefined && !input.AlarmNames.includes(name)) return false;
  return input.StateValue === undefined || input.StateValue === state;
}

const byName = (
  { AlarmName: left = '' }: client.MetricAlarm,
  { AlarmName: right = '' }: client.MetricAlarm,
) => (left < right ? -1 : 1);
