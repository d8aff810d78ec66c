import { describe, expect, it } from 'vitest';
import { ObservationsTable } from '#lib/constructs/observations-table.ts';
import { StreamTrigger } from '#lib/constructs/stream-trigger.ts';
import { built, home, someFunction } from '#test/lib/built.ts';
import { statementOf } from '#test/lib/synthesized.ts';

describe('StreamTrigger', () => {
  it('lets the function read the stream of that table and no other', () => {
    const template = built((stack) => {
      const { streamArn } = new ObservationsTable(stack, 'Observations', { deployment: 'acme', ...home });
      new StreamTrigger(stack, 'Trigger', { streamArn, target: someFunction(stack) });
    });
    const { Action, Resource } = statementOf(template, 'ReadChanges');
    expect(Action).toEqual(['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator']);
    expect(JSON.stringify(Resource)).toContain('StreamArn');
  });
});
