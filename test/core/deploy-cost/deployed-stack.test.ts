import { describe, expect, it } from 'vitest';
import {
  listOf,
  membersOf,
  numberOf,
  partOf,
  referredTo,
  resourcesOf,
  textOf,
} from '#core/deploy-cost/deployed-stack.ts';

describe('a deployed stack', () => {
  it('belongs to the part that its id begins with', () => {
    expect(partOf({ id: 'Discovery-222222222222-eu-central-1' })).toBe('Discovery');
    expect(partOf({ id: 'State' })).toBe('State');
  });

  it('has the resources of its template, also of one without properties or resources', () => {
    expect(resourcesOf({})).toEqual([]);
    expect(resourcesOf({ Resources: { Q: { Type: 'AWS::SQS::Queue' } } })).toEqual([
      { logicalId: 'Q', type: 'AWS::SQS::Queue', properties: {} },
    ]);
  });

  it('finds what a value refers to, and nothing in any other value', () => {
    expect(referredTo({ Ref: 'Plan' })).toBe('Plan');
    expect(referredTo({ 'Fn::GetAtt': ['Plan', 'Arn'] })).toBe('Plan');
    for (const value of ['arn', undefined, null, { 'Fn::ImportValue': 'x' }, { 'Fn::GetAtt': 'Plan.Arn' }])
      expect(referredTo(value)).toBeUndefined();
  });

  it('reads properties by their type, and takes no reference for a value', () => {
    const properties = { Name: 'a', Size: 3, Rules: [1], Other: { Ref: 'X' } };
    expect([textOf(properties, 'Name'), textOf(properties, 'Other')]).toEqual(['a', undefined]);
    expect([numberOf(properties, 'Size'), numberOf(properties, 'Name')]).toEqual([3, undefined]);
    expect([listOf(properties, 'Rules'), listOf(properties, 'Size')]).toEqual([[1], []]);
    expect([membersOf(properties.Other), membersOf(3)]).toEqual([{ Ref: 'X' }, {}]);
  });
});
