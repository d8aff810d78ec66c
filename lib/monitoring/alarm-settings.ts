import type { SpillwayConfig } from '#contract/config.ts';
import type { AlarmSettings } from '#core/alarms/alarm-definition.ts';

/** The clock of plan, verify and the witness: a lost event delays a change by so much, and never loses it. */
export const CONTROL_EVERY_SECONDS = 300;

/** What of a configuration its alarms depend on. */
export const alarmSettingsOf = ({
  discovery,
  slo,
}: Pick<SpillwayConfig, 'discovery' | 'slo'>): AlarmSettings => ({
  discoverEverySeconds: discovery.everySeconds,
  controlEverySeconds: CONTROL_EVERY_SECONDS,
  availability: slo.availability,
  firstTokenShare: slo.firstTokenShare,
  costUsdPerDayMax: slo.costUsdPerDayMax,
});
