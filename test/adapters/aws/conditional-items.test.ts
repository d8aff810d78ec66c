import { describe, expect, it } from 'vitest';
import { ConditionalItems, type Item } from '#adapters/aws/conditional-items.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { createTestTable, dynamodbEngines } from '#test/builders/dynamodb-engines.ts';
import { ClockCheck } from '#usecases/capacity/clock-check.ts';

const key: Item = { targetPage: { S: 'chat#0' }, item: { S: 'leases' } };
const named = {
  UpdateExpression: 'SET #size = :value',
  ConditionExpression: 'attribute_not_exists(#size)',
  ExpressionAttributeNames: { '#size': 'size' },
  ExpressionAttributeValues: { ':value': { N: '1' } },
};
/** Of an item that is not there. */
const never = { ...named, ConditionExpression: 'attribute_exists(#size) AND #size < :value' };

for (const { name, skip, start } of dynamodbEngines) {
  if (skip !== undefined) {
    it.skip(`conditional items on ${name}: ${skip}`, () => undefined);
    continue;
  }
  describe(`items that change by conditional updates on ${name}`, () => {
    const opened = async (aheadMs = 0) => {
      const { client, close } = await start();
      const table = await createTestTable(client, 'capacity');
      const clockCheck = new ClockCheck({
        clock: { ...systemClock, now: () => systemClock.now() + aheadMs },
      });
      const options = { client, table, callMsMax: 40_000, clockCheck };
      return { items: new ConditionalItems(options), clockCheck, close };
    };

    it('show what they were left as where that is asked for, and always what refused', async () => {
      const { items, clockCheck, close } = await opened();
      const item = { ...key, size: { N: '1' } };
      expect(await items.update(key, named, 'ALL_NEW')).toEqual({ applied: true, item });
      expect(await items.update(key, named)).toEqual({ applied: false, item });
      const other = { ...key, item: { S: 'other' } };
      expect(await items.update(other, named)).toEqual({ applied: true, item: {} });
      expect(await items.update({ ...key, item: { S: 'none' } }, never)).toEqual({
        applied: false,
        item: {},
      });
      expect(clockCheck.isWrong).toBe(false);
      await close();
    });

    it.each([3_600_000, -3_600_000])(
      'tell a clock that is %d ms ahead, also by a refusal',
      async (aheadMs) => {
        const { items, clockCheck, close } = await opened(aheadMs);
        expect((await items.update(key, never)).applied).toBe(false);
        expect(Math.sign(clockCheck.wrongByMs)).toBe(Math.sign(aheadMs));
        expect(Math.abs(clockCheck.wrongByMs)).toBeGreaterThan(3_500_000);
        await close();
      },
    );
  });
}
