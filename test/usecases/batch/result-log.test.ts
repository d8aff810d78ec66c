import { describe, expect, it } from 'vitest';
import { answeredLine, type LineResult } from '#core/batch/result-line.ts';
import { houseError } from '#core/errors/catalogue.ts';
import { aBatchRegion } from '#test/builders/a-batch-region.ts';
import { keptBefore, ResultLog } from '#usecases/batch/result-log.ts';

function result(index: number, body = '{}'): LineResult {
  const name = { batch: 'batch_1', number: index + 1, customId: `line-${index}` };
  return answeredLine(index, name, { status: 200, requestId: 'r', body });
}

describe('results of lines', () => {
  it('are found again by whoever comes after, those that came together in one object', async () => {
    const { desk } = aBatchRegion();
    const log = new ResultLog(desk, 'work/b/one-');
    await Promise.all([0, 1, 2, 3].map((index) => log.add(result(index))));
    const kept = await keptBefore(desk.objects, 'work/b/');
    expect([...kept.results.keys()].sort()).toEqual([0, 1, 2, 3]);
    expect(kept.keys).toEqual(log.keys);
    expect(kept.keys.length).toBeLessThan(4);
  });

  it('of one line are one, the same for everybody, when two holders wrote some', async () => {
    const { desk } = aBatchRegion();
    await new ResultLog(desk, 'work/b/two-').add(result(0, '{"by":"two"}'));
    await new ResultLog(desk, 'work/b/one-').add(result(0, '{"by":"one"}'));
    const { results } = await keptBefore(desk.objects, 'work/b/');
    expect(results.get(0)?.json).toContain('"by":"one"');
  });

  it('are written again where the store fails, and told where it goes on failing', async () => {
    const { desk } = aBatchRegion();
    let failures = 2;
    const put = async (key: string, bytes: Uint8Array): Promise<void> => {
      failures -= 1;
      if (failures >= 0) throw houseError('throttled', { message: 'slow down' });
      await desk.objects.put(key, bytes);
    };
    const log = new ResultLog({ ...desk, objects: { ...desk.objects, put } }, 'work/b/one-');
    await log.add(result(0));
    expect((await keptBefore(desk.objects, 'work/b/')).results.size).toBe(1);
    failures = 100;
    await expect(log.add(result(1))).rejects.toThrow('slow down');
  });
});
