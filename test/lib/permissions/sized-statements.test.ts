import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sizedStatements } from '#lib/permissions/sized-statements.ts';
import { normalized } from '#test/lib/synthesized.ts';

const arns = (count: number) =>
  Array.from({ length: count }, (_, index) => `arn:aws:bedrock:eu-west-1::model/${index}`);
const conditions = { StringEquals: { 'aws:RequestedRegion': ['eu-west-1'] } };

describe('sizedStatements', () => {
  it('keeps a small statement whole', () => {
    const statements = sizedStatements({ sid: 'Call', actions: ['a:B'], resources: arns(3), conditions });
    expect(statements.map((statement) => normalized(statement.toJSON()))).toEqual([
      { Sid: 'Call', Effect: 'Allow', Action: ['a:B'], Resource: arns(3), Condition: conditions },
    ]);
  });

  it('answers nothing for no resource', () => {
    expect(sizedStatements({ actions: ['a:B'], resources: [] })).toEqual([]);
  });

  it('cuts a large statement into parts that fit, loses no resource and keeps every condition', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), (count) => {
        const parts = sizedStatements({
          sid: 'Call',
          actions: ['a:B'],
          resources: arns(count),
          conditions,
        }).map((statement) => normalized(statement.toJSON()));
        expect(parts.flatMap(({ Resource }) => Resource)).toEqual(arns(count));
        expect(parts.every(({ Condition }) => JSON.stringify(Condition) === JSON.stringify(conditions))).toBe(
          true,
        );
        expect(parts.filter(({ Sid }) => Sid === 'Call')).toHaveLength(1);
        for (const part of parts) expect(JSON.stringify(part).length).toBeLessThanOrEqual(5_600);
      }),
      { numRuns: 50 },
    );
  });
});
