import { describe, expect, it } from 'vitest';
import { bulkQueueName } from '#contract/resources.ts';
import { aBatchRegion, chatLine, chatLinesNamed } from '#test/builders/a-batch-region.ts';
import { LINES_MAX, loadPlan, readBatchFile } from '#usecases/batch/read-batch-file.ts';

async function readOf(text: string, changes: Parameters<ReturnType<typeof aBatchRegion>['start']>[1] = {}) {
  const region = aBatchRegion();
  const batch = await region.start(text, changes);
  const name = { tenant: batch.tenant, batch: batch.id };
  await readBatchFile(region.desk, name);
  const standing = await region.desk.store.loadBatch(batch.tenant, batch.id);
  if (standing === undefined) throw new Error('the batch stands');
  return { ...region, name, batch: standing };
}

async function ordersOf({ desk }: Awaited<ReturnType<typeof readOf>>) {
  const signal = new AbortController().signal;
  const how = { messagesMax: 100, waitSeconds: 0, hiddenSeconds: 1, signal };
  return desk.queue.receive(bulkQueueName(desk.config.name, 'chat-small'), how);
}

describe('the file of a batch', () => {
  it('that is right is cut into chunks, each asked for by a message without a word of it', async () => {
    const read = await readOf(chatLinesNamed(130));
    expect(read.batch).toMatchObject({ state: 'in_progress', model: 'chat-small', lines: 130, chunks: 3 });
    const orders = await ordersOf(read);
    expect(orders.map(({ body }) => JSON.parse(body).lines)).toEqual([64, 64, 2]);
    for (const { body } of orders) {
      expect(body).not.toContain('line-');
      expect(body.length).toBeLessThan(300);
    }
    expect(await loadPlan(read.desk.objects, read.batch.id)).toHaveLength(3);
  });

  it('is read again without harm: what is not done is asked for once more', async () => {
    const read = await readOf(chatLinesNamed(70));
    await readBatchFile(read.desk, read.name);
    expect(await ordersOf(read)).toHaveLength(4);
    expect(read.batch.state).toBe('in_progress');
  });

  it.each([
    ['is empty', '', ['undefined empty_file']],
    ['is cut in the middle of a line', `${chatLine('a')}\n{"custom_id":"b","meth`, ['2 invalid_json_line']],
    ['names a line twice', `${chatLine('a')}\n${chatLine('a')}`, ['2 duplicate_custom_id']],
    [
      'names two models',
      `${chatLine('a')}\n${chatLine('b', { model: 'chat-large' })}`,
      ['2 mismatched_model'],
    ],
    ['names no model of ours', chatLine('a', { model: 'gpt-9' }), ['1 model_not_found']],
    ['embeds with a model that chats', chatLine('a', { model: 'embed' }), ['1 invalid_request']],
    ['asks for what no call may', chatLine('a', { max_tokens: -1 }), ['1 invalid_request']],
  ])('that %s is refused with what is wrong, and not one line is called', async (_, text, expected) => {
    const read = await readOf(text);
    expect(read.batch.state).toBe('failed');
    expect(read.batch.problems.map(({ line, code }) => `${line} ${code}`)).toEqual(expected);
    expect(await ordersOf(read)).toEqual([]);
    expect((await read.desk.store.loadFile('demo', read.batch.inputFile))?.readers).toEqual([]);
  });

  it('tells all of its problems, up to a bound', async () => {
    const read = await readOf(Array.from({ length: 150 }, () => '{}').join('\n'));
    expect(read.batch.problems).toHaveLength(101);
    expect(read.batch.problems.at(-1)?.code).toBe('more_errors');
  });

  it.each([
    ['before it is read to its end', '{}\n'.repeat(LINES_MAX + 1)],
    ['though nothing ends the last of them', `${'{}\n'.repeat(LINES_MAX)}{}`],
  ])('with too many lines is refused, %s', async (_, text) => {
    const read = await readOf(text);
    expect(read.batch.problems.map(({ code }) => code)).toEqual(['too_many_lines']);
  });

  it('asks for a model that its key may not use: refused', async () => {
    const tenant = { name: 'demo', residencies: ['us'], models: ['embed'] };
    const read = await readOf(chatLine('a'), { tenant });
    expect(read.batch.problems.map(({ code }) => code)).toEqual(['model_not_allowed']);
  });

  it('that is gone leaves a failed batch', async () => {
    const region = aBatchRegion();
    const batch = await region.start(chatLinesNamed(1));
    await region.desk.objects.remove([batch.inputKey]);
    await readBatchFile(region.desk, { tenant: 'demo', batch: batch.id });
    expect(await region.desk.store.loadBatch('demo', batch.id)).toMatchObject({
      state: 'failed',
      problems: [{ code: 'file_not_found' }],
    });
  });
});
