import type * as client from '@aws-sdk/client-dynamodb';
import type { CallContext, Operation } from '../../service.ts';
import { InvalidInput } from '../../wire/wire-error.ts';
import type { Tables } from './tables.ts';

const recoveryPeriodInDaysMax = 35;

/** Time to live and backups: remembered and described. Nothing expires and nothing is backed up here. */
export function upkeepOperations(tables: Tables): Record<string, Operation> {
  return {
    UpdateTimeToLive: (input, context) => updateTimeToLive(tables, input, context),
    DescribeTimeToLive: (input, context) => describeTimeToLive(tables, input, context),
    UpdateContinuousBackups: (input, context) => updateBackups(tables, input, context),
    DescribeContinuousBackups: (input, context) => describeBackups(tables, input, context),
  };
}

async function updateTimeToLive(
  tables: Tables,
  input: client.UpdateTimeToLiveCommandInput,
  context: CallContext,
): Promise<Partial<client.UpdateTimeToLiveCommandOutput>> {
  const settings = await settingsOf(tables, input.TableName, context);
  if (tables.replication.isStrong(tables.reach(input.TableName, context)))
    throw new InvalidInput(['a strongly consistent global table has no TimeToLive']);
  const { Enabled, AttributeName } = input.TimeToLiveSpecification ?? {};
  const isEnabled = settings.timeToLive !== undefined;
  if (isEnabled === (Enabled === true)) {
    throw new InvalidInput([`TimeToLive is already ${isEnabled ? 'enabled' : 'disabled'}`]);
  }
  settings.timeToLive =
    Enabled === true && AttributeName !== undefined ? { attribute: AttributeName } : undefined;
  return { TimeToLiveSpecification: input.TimeToLiveSpecification };
}

async function describeTimeToLive(
  tables: Tables,
  input: client.DescribeTimeToLiveCommandInput,
  context: CallContext,
): Promise<Partial<client.DescribeTimeToLiveCommandOutput>> {
  const { timeToLive } = await settingsOf(tables, input.TableName, context);
  return {
    TimeToLiveDescription:
      timeToLive === undefined
        ? { TimeToLiveStatus: 'DISABLED' }
        : { TimeToLiveStatus: 'ENABLED', AttributeName: timeToLive.attribute },
  };
}

async function updateBackups(
  tables: Tables,
  input: client.UpdateContinuousBackupsCommandInput,
  context: CallContext,
): Promise<Partial<client.UpdateContinuousBackupsCommandOutput>> {
  const settings = await settingsOf(tables, input.TableName, context);
  const { PointInTimeRecoveryEnabled, RecoveryPeriodInDays } = input.PointInTimeRecoverySpecification ?? {};
  if (
    RecoveryPeriodInDays !== undefined &&
    !(RecoveryPeriodInDays >= 1 && RecoveryPeriodInDays <= recoveryPeriodInDaysMax)
  ) {
    throw new InvalidInput([
      `RecoveryPeriodInDays ${RecoveryPeriodInDays} must be 1 to ${recoveryPeriodInDaysMax}`,
    ]);
  }
  settings.pointInTimeRecovery = PointInTimeRecoveryEnabled === true;
  settings.recoveryPeriodInDays = RecoveryPeriodInDays ?? settings.recoveryPeriodInDays;
  return describeBackups(tables, input, context);
}

async function describeBackups(
  tables: Tables,
  input: { readonly TableName?: string | undefined },
  context: CallContext,
): Promise<Partial<client.DescribeContinuousBackupsCommandOutput>> {
  const { pointInTimeRecovery, recoveryPeriodInDays } = await settingsOf(tables, input.TableName, context);
  const point: client.PointInTimeRecoveryDescription = pointInTimeRecovery
    ? { PointInTimeRecoveryStatus: 'ENABLED', RecoveryPeriodInDays: recoveryPeriodInDays }
    : { PointInTimeRecoveryStatus: 'DISABLED' };
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: point,
    },
  };
}

async function settingsOf(tables: Tables, name: string | undefined, context: CallContext) {
  const address = tables.reach(name, context);
  await tables.describe(address);
  return tables.book.of(address);
}
