import { describe, expect, it } from 'vitest';
import { isSilenceAlarm, silenceAlarmName } from '#core/deploy-waves/silence-alarm.ts';

describe('the alarm of silence', () => {
  it('is known by its name', () => {
    expect(silenceAlarmName('acme-plan')).toBe('acme-plan-silent');
    expect(isSilenceAlarm(silenceAlarmName('acme-plan'))).toBe(true);
    for (const name of ['acme-plan-errors', 'acme-regions-silent-2', 'silent'])
      expect(isSilenceAlarm(name)).toBe(false);
  });
});
