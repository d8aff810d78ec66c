import { describe, expect, it } from 'vitest';
import { anAvailabilityTarget } from '#test/builders/availability-target.ts';
import { writeTable } from '../../../console/availability/write-table.ts';

describe('the table', () => {
  it('quotes what would end a field, and calculates nothing', () => {
    const hint = { who: 'wait', text: 'Wait, then "ask"' } as const;
    const [head, line, end] = writeTable([
      anAvailabilityTarget({ region: 'eu-west-1', model: '=SUM(A1)', reasons: ['a', 'b'], hint }),
    ]).split('\r\n');
    expect(head).toBe(
      'account,region,model,model_id,profile_id,endpoint,scope,state,reasons,since_utc,stale,repairer,hint,reach',
    );
    expect(line).toBe(
      '111111111111,eu-west-1,\'=SUM(A1),amazon.nova-lite-v1:0,,,in-region,available,a b,2026-11-21T07:00:00.000Z,false,wait,"Wait, then ""ask""",eu-west-1',
    );
    expect(end).toBe('');
  });
});
