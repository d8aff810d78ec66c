import { describe, expect, it } from 'vitest';
import { cancelled } from '#core/batch/batch.ts';
import { aBatchRegion, chatLinesNamed } from '#test/builders/a-batch-region.ts';
import {
  changeBatch,
  changeReaders,
  fileKey,
  newId,
  planKey,
  retentionMs,
} from '#usecases/batch/batch-services.ts';

describe('what the steps of a batch share', () => {
  it('makes ids that sort by the time', () => {
    const { desk } = aBatchRegion();
    const made = [5, 16, 17].map((at) => newId(desk, 'file-', at));
    expect([...made].sort()).toEqual(made);
    expect(new Set([...made, newId(desk, 'file-', 5)]).size).toBe(4);
    expect(made[0]).toMatch(/^file-000000000005/);
    expect(fileKey('demo', 'file-1')).toBe('files/demo/file-1');
    expect(planKey('batch_1')).toContain('batch_1');
  });

  it('keeps for as many days as the configuration says', () => {
    const { desk } = aBatchRegion();
    expect(retentionMs(desk)).toBe(29 * 86_400_000);
  });

  it('changes a batch by what stands, also while others change it', async () => {
    const { desk, start } = aBatchRegion();
    const batch = await start(chatLinesNamed(1));
    let others = 2;
    const store = {
      ...desk.store,
      saveBatch: async (changed: typeof batch) => {
        others -= 1;
        if (others >= 0) await desk.store.saveBatch({ ...changed, metadata: { by: `other ${others}` } });
        return desk.store.saveBatch(changed);
      },
    };
    let tries = 0;
    const changed = await changeBatch(store, batch, (standing) => {
      tries += 1;
      return { ...standing, revision: standing.revision + 1, lines: 9 };
    });
    expect(changed).toMatchObject({ lines: 9, metadata: { by: 'other 0' }, revision: 4 });
    expect(tries).toBe(3);
    const nothing = await changeBatch(desk.store, { tenant: 'demo', id: 'none' }, () => undefined);
    expect(nothing).toBeUndefined();
    const same = await changeBatch(desk.store, batch, (standing) => {
      const asked = cancelled({ ...standing, state: 'cancelling' }, 0);
      return typeof asked === 'string' ? undefined : asked;
    });
    expect(same?.revision).toBe(4);
  });

  it('changes the readers of a file, and tells where it is gone', async () => {
    const { desk, start } = aBatchRegion();
    const { inputFile: id } = await start(chatLinesNamed(1));
    const file = { tenant: 'demo', id };
    expect(await changeReaders(desk.store, file, (readers) => [...readers, 'more'])).toBe('changed');
    expect((await desk.store.loadFile('demo', id))?.readers).toHaveLength(2);
    expect(await changeReaders(desk.store, { ...file, id: 'none' }, () => [])).toBe('gone');
    const refusing = { ...desk.store, saveFile: async () => false };
    expect(await changeReaders(refusing, file, () => [])).toBe('busy');
  });
});
