import type { AlarmSettings } from '#core/alarms/alarm-definition.ts';

/** Of a configuration that says nothing of its own, with a sum that answers may cost. */
export const alarmSettings: AlarmSettings = {
  discoverEverySeconds: 60,
  controlEverySeconds: 300,
  availability: 0.999,
  firstTokenShare: 0.95,
  costUsdPerDayMax: 1_000,
};
