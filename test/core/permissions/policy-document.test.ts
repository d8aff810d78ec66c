import { describe, expect, it } from 'vitest';
import { parsePolicy } from '#core/permissions/policy-document.ts';

describe('parsePolicy', () => {
  it('reads one or many of everything', () => {
    const one = {
      Statement: {
        Sid: 'Regions',
        Effect: 'Deny',
        NotAction: 'iam:*',
        Condition: {
          StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' },
          Bool: { 'aws:SecureTransport': false },
        },
      },
    };
    expect(parsePolicy(one)).toEqual({
      ok: true,
      statements: [
        {
          name: 'Regions',
          effect: 'Deny',
          actions: { except: true, patterns: ['iam:*'] },
          resources: { except: false, patterns: ['*'] },
          conditions: [
            { operator: 'StringNotEquals', key: 'aws:requestedregion', values: ['eu-west-1'] },
            { operator: 'Bool', key: 'aws:securetransport', values: ['false'] },
          ],
        },
      ],
    });
    const many = { Statement: [{ Effect: 'Allow', Action: ['a:B', 'a:C'], NotResource: ['arn:x'] }] };
    expect(parsePolicy(many)).toMatchObject({
      statements: [
        { name: 'Statement[0]', effect: 'Allow', resources: { except: true, patterns: ['arn:x'] } },
      ],
    });
  });

  it('names everything that is wrong at once', () => {
    expect(parsePolicy([])).toEqual({ ok: false, violations: ['Statement: must be there'] });
    const wrong = {
      Statement: [
        'x',
        { Effect: 'deny', Action: 'a', NotAction: 'b' },
        { Effect: 'Deny', Action: [{}], Condition: { Bool: 'x', StringEquals: { key: {} } } },
        { Effect: 'Deny', Action: '*', Condition: [] },
      ],
    };
    expect(parsePolicy(wrong)).toEqual({
      ok: false,
      violations: [
        'Statement[0]: must be an object',
        'Statement[1].Effect: must be "Allow" or "Deny", not "deny"',
        'Statement[1]: must have one of Action and NotAction',
        'Statement[2].Action: must be a text or a list of texts',
        'Statement[2].Condition.Bool: must be an object',
        'Statement[2].Condition.StringEquals.key: must be a text or a list of texts',
        'Statement[3].Condition: must be an object',
      ],
    });
  });
});
