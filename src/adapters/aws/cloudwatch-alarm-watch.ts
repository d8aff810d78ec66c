/** Which alarms of a deployment go off, by the beginning of their names. Throws the SDK's own error. */
import { CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import type { AlarmWatch } from '#usecases/ports/alarm-watch.ts';
import { type AccountProbeOptions, clientSettingsOf } from './account-probe.ts';

export interface AlarmWatchOptions {
  /** Names of alarms begin with it and a hyphen. */
  readonly deployment: string;
  /** How a client of this account connects. */
  readonly connect: (account: string) => Omit<AccountProbeOptions, 'region'>;
}

/** The most that a page may hold. */
const PAGE_SIZE = 100;

export function createAlarmWatch({ deployment, connect }: AlarmWatchOptions): AlarmWatch {
  return {
    async goingOff({ account, region }) {
      const client = new CloudWatchClient(clientSettingsOf({ ...connect(account), region }));
      const names: string[] = [];
      try {
        // Composite alarms do not come unless they are asked for: their members tell the same, once.
        const asked = { AlarmNamePrefix: `${deployment}-`, StateValue: 'ALARM' } as const;
        for await (const page of paginateDescribeAlarms({ client, pageSize: PAGE_SIZE }, asked))
          names.push(...(page.MetricAlarms ?? []).flatMap(({ AlarmName }) => AlarmName ?? []));
      } finally {
        client.destroy();
      }
      return names;
    },
  };
}
