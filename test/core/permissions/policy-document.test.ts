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
    expect(parsePolicy([])).toEqual({ ok: false, violations: ['the policy: must be an object'] });
    expect(parsePolicy({})).toEqual({ ok: false, violations: ['Statement: must be there'] });
    expect(parsePolicy({ Statement: [] })).toMatchObject({
      violations: ['Statement: must have one statement at least'],
    });
    expect(parsePolicy({ Statment: [] })).toEqual({
      ok: false,
      violations: ['Statment: is no member; did you mean Statement?'],
    });
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

  it.each([
    ['StringNotEqual', 'did you mean StringNotEquals?'],
    ['StringsEquals', 'did you mean StringEquals?'],
    ['NullIfExists', expect.any(String)],
    ['ForEachValue:StringLike', expect.any(String)],
    ['Equals', expect.any(String)],
  ])('refuses the operator %s, which IAM does not have', (operator, hint) => {
    const Condition = { [operator]: { 'aws:RequestedRegion': 'eu-west-1' } };
    const parsed = parsePolicy({ Statement: { Effect: 'Deny', Action: '*', Condition } });
    const [said = ''] = parsed.ok ? [] : parsed.violations;
    expect(said).toContain(`Statement[0].Condition: "${operator}" is no condition operator of IAM; `);
    expect(said.split('; ')[1]).toEqual(hint);
  });

  it.each([
    'stringnotequals',
    'ForAnyValue:StringLikeIfExists',
    'ForAllValues:ArnLike',
    'Null',
    'DateLessThan',
  ])('takes the operator %s', (operator) => {
    const Condition = { [operator]: { 'aws:CurrentTime': 'x' } };
    expect(parsePolicy({ Statement: { Effect: 'Deny', Action: '*', Condition } }).ok).toBe(true);
  });

  it('refuses members that a statement does not have: what is misspelt is not judged as if it were away', () => {
    const Statement = { Effect: 'Deny', Action: '*', Conditon: {}, Because: 'x' };
    expect(parsePolicy({ Statement })).toMatchObject({
      violations: [
        'Statement[0].Conditon: is no member; did you mean Condition?',
        expect.stringContaining('Statement[0].Because: is no member; they are Sid, Effect, '),
      ],
    });
  });
});
