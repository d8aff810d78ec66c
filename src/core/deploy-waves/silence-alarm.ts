const SUFFIX = '-silent';

/** The alarm that goes off when a function on a clock is not called. */
export const silenceAlarmName = (functionName: string): string => `${functionName}${SUFFIX}`;

/** True of such an alarm: it goes off for a moment also when it is new, until its function's clock has come round once. */
export const isSilenceAlarm = (alarmName: string): boolean => alarmName.endsWith(SUFFIX);
