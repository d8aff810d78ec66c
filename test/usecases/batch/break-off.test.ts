import { describe, expect, it } from 'vitest';
import { invariant } from '#core/units/invariant.ts';
import { aBatchRegion, chatLinesNamed } from '#test/builders/a-batch-region.ts';
import { breakOff } from '#usecases/batch/break-off.ts';

function broken(): unknown {
  try {
    invariant(false, 'the plan has a beginning');
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('a batch that is broken off', () => {
  it('has failed, says why in our own words, and leaves its file', async () => {
    const { desk, start } = aBatchRegion();
    const batch = await start(chatLinesNamed(3));
    await breakOff(desk, { tenant: 'demo', batch: batch.id, kind: 'read' }, broken());
    const standing = await desk.store.loadBatch('demo', batch.id);
    expect(standing).toMatchObject({
      state: 'failed',
      problems: [{ code: 'batch_broken_off', message: expect.stringContaining('the plan has a beginning') }],
    });
    expect((await desk.store.loadFile('demo', batch.inputFile))?.readers).toEqual([]);
  });

  it('never repeats what another’s error says, and changes no batch that is none', async () => {
    const { desk, start, lines } = aBatchRegion();
    const batch = await start(chatLinesNamed(1));
    await breakOff(desk, { tenant: 'demo', batch: 'batch_none', kind: 'finish' }, new Error('no'));
    await breakOff(
      desk,
      { tenant: 'demo', batch: batch.id, kind: 'finish' },
      new SyntaxError('secret prompt'),
    );
    const told = JSON.stringify([await desk.store.loadBatch('demo', batch.id), lines]);
    expect(told).toContain('batch_broken_off');
    expect(told).not.toContain('secret prompt');
  });
});
