import { describe, expect, it } from 'vitest';
import { resolveIntrinsics, type TemplateNames, UnresolvedError } from '#local/iam/resolve-intrinsics.ts';

const refs: Readonly<Record<string, unknown>> = { 'AWS::Region': 'eu-west-1', Queue: 'https://sqs/queue' };
const names: TemplateNames = {
  ref: (name) => refs[name],
  attribute: (id, attribute) => (`${id}.${attribute}` === 'Queue.Arn' ? 'arn:queue' : undefined),
  exported: (name) => (name === 'acme:Stream' ? 'arn:stream' : undefined),
  condition: (name) => (name === 'Big' ? true : undefined),
};
/** A variable of Fn::Sub. */
const variable = (name: string) => ['$', '{', name, '}'].join('');
const resolved = (value: unknown) => resolveIntrinsics(value, names);

describe('resolveIntrinsics', () => {
  it('replaces functions at any depth and leaves everything else', () => {
    expect(
      resolved({
        Statement: [
          { Resource: [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, { 'Fn::GetAtt': 'Queue.Arn' }], Max: 3 },
        ],
        Url: { Ref: 'Queue' },
        Stream: { 'Fn::ImportValue': { 'Fn::Sub': 'acme:Stream' } },
      }),
    ).toEqual({
      Statement: [{ Resource: ['arn:queue', 'arn:queue'], Max: 3 }],
      Url: 'https://sqs/queue',
      Stream: 'arn:stream',
    });
  });

  it('joins, splits, selects, substitutes and chooses', () => {
    const arn = { 'Fn::Join': [':', ['a', { Ref: 'AWS::Region' }, 7]] };
    expect(resolved(arn)).toBe('a:eu-west-1:7');
    expect(resolved({ 'Fn::Select': [1, { 'Fn::Split': [':', arn] }] })).toBe('eu-west-1');
    expect(
      resolved({
        'Fn::Sub': [['AWS::Region', 'Queue.Arn', 'Own', '!aws:x'].map(variable).join('/'), { Own: arn }],
      }),
    ).toBe(`eu-west-1/arn:queue/a:eu-west-1:7/${variable('aws:x')}`);
    expect(resolved({ 'Fn::If': ['Big', [1, { Ref: 'AWS::NoValue' }], 2] })).toEqual([1]);
    expect(resolved({ left: { Ref: 'AWS::NoValue' }, right: 1 })).toEqual({ right: 1 });
  });

  it('says what it does not know, and where it stands', () => {
    const problems: readonly (readonly [unknown, string])[] = [
      [{ a: [{ Ref: 'Nobody' }] }, '$.a[0].Ref: nothing is called Nobody'],
      [{ 'Fn::GetAtt': ['Queue', 'Name'] }, '$.Fn::GetAtt: Queue has no attribute Name'],
      [{ 'Fn::ImportValue': 'acme:None' }, '$.Fn::ImportValue: no stack exports acme:None'],
      [{ 'Fn::If': ['Small', 1, 2] }, '$.Fn::If: no condition Small'],
      [{ 'Fn::Cidr': ['10.0.0.0/8', 2] }, '$.Fn::Cidr: the function Fn::Cidr is not known here'],
      [{ 'Fn::Select': [2, ['a', 'b']] }, '$.Fn::Select: has no element 2'],
      [{ 'Fn::Join': ['', 'abc'] }, '$.Fn::Join: must be a list'],
      [{ 'Fn::Join': [''] }, '$.Fn::Join: must be a list of two'],
      [{ Ref: ['Queue'] }, '$.Ref: must be a text'],
    ];
    for (const [value, message] of problems) expect(() => resolved(value)).toThrow(message);
    expect(() => resolved({ Ref: 'Nobody' })).toThrow(UnresolvedError);
  });
});
