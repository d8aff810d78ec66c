import { describe, expect, it } from 'vitest';
import { keyCondition, wireCondition, wireFilter } from '#adapters/aws/dynamodb-expressions.ts';

const keys = { partition: 'model', sort: 'residency' };

describe('the condition of a query', () => {
  it('names both keys, and the sort key only where it is bound', () => {
    expect(keyCondition(keys, { partition: 'p' })).toEqual({
      KeyConditionExpression: '#partition = :partition',
      ExpressionAttributeNames: { '#partition': 'model' },
      ExpressionAttributeValues: { ':partition': { S: 'p' } },
    });
    expect(keyCondition(keys, { partition: 'p', sortPrefix: 'eu' })).toEqual({
      KeyConditionExpression: '#partition = :partition AND begins_with(#sort, :sort)',
      ExpressionAttributeNames: { '#partition': 'model', '#sort': 'residency' },
      ExpressionAttributeValues: { ':partition': { S: 'p' }, ':sort': { S: 'eu' } },
    });
    expect(keyCondition(keys, { partition: 'p', sortFrom: 'eu' }).KeyConditionExpression).toBe(
      '#partition = :partition AND #sort >= :sort',
    );
  });
});

describe('a condition', () => {
  const condition = { expression: '#n < :n', names: { '#n': 'version' }, values: { ':n': 3 } };

  it('of a write and a filter of a scan differ in nothing but their member’s name', () => {
    const names = { '#n': 'version' };
    const values = { ':n': { N: '3' } };
    expect(wireCondition(condition)).toEqual({
      ConditionExpression: '#n < :n',
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: values,
    });
    expect(wireFilter(condition)).toEqual({
      FilterExpression: '#n < :n',
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: values,
    });
  });

  it('without values sends none: DynamoDB refuses an empty map', () => {
    const { values: _, ...bare } = condition;
    expect(wireCondition(bare)).not.toHaveProperty('ExpressionAttributeValues');
  });
});
