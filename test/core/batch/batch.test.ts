import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accepted,
  type Batch,
  brokenOff,
  COMPLETION_WINDOW_MS,
  cancelled,
  closed,
  finalizing,
  hasEnded,
  newBatch,
  refusedFor,
  stopReason,
} from '#core/batch/batch.ts';
import { noUsage } from '#core/batch/line-usage.ts';

const at = Date.UTC(2026, 10, 21, 8);
const batch = newBatch(
  {
    tenant: 'demo',
    id: 'batch_1',
    endpoint: '/v1/embeddings',
    inputFile: 'file-1',
    inputKey: 'files/demo/file-1',
    residency: 'eu',
    scopes: { residencies: ['eu'], models: ['*'] },
    metadata: undefined,
  },
  at,
);
const found = { model: 'embed', lines: 3, chunks: 1 };
const tally = { completed: 3, failed: 0, expired: 0, repeatedCalls: 0, ...noUsage };

describe('a batch', () => {
  it('goes from reading over calling and putting together to completed, and dates each state', () => {
    const running = accepted(batch, found, at + 1) as Batch;
    const ending = finalizing(running, at + 2) as Batch;
    const whole = closed(ending, { tally, outputFile: 'file-2' }, at + 3) as Batch;
    expect(whole).toMatchObject({ state: 'completed', revision: 4, model: 'embed', outputFile: 'file-2' });
    expect(whole.since).toEqual({
      validating: at,
      in_progress: at + 1,
      finalizing: at + 2,
      completed: at + 3,
    });
    expect(whole.expiresAt).toBe(at + COMPLETION_WINDOW_MS);
  });

  it('fails with what is wrong with its lines, and only while nothing was called', () => {
    const problems = [{ code: 'invalid_json_line', message: 'no', line: 2 }];
    expect(refusedFor(batch, problems, at)).toMatchObject({ state: 'failed', problems });
    expect(refusedFor(accepted(batch, found, at) as Batch, problems, at)).toBeUndefined();
  });

  it('is cancelled while there is something to cancel, once', () => {
    const asked = cancelled(accepted(batch, found, at) as Batch, at) as Batch;
    expect(asked.state).toBe('cancelling');
    expect(cancelled(asked, at)).toBe('asked-before');
    expect(stopReason(asked, at)).toBe('cancelled');
    expect(closed(asked, { tally }, at)).toMatchObject({ state: 'cancelled' });
    expect(cancelled(finalizing(accepted(batch, found, at) as Batch, at) as Batch, at)).toBe('too-late');
  });

  it('expires where the window met a line before it was called', () => {
    const over = at + COMPLETION_WINDOW_MS;
    const running = accepted(batch, found, at) as Batch;
    expect(stopReason(running, over - 1)).toBeUndefined();
    expect(stopReason(running, over)).toBe('expired');
    const ending = finalizing(running, over) as Batch;
    expect(closed(ending, { tally: { ...tally, expired: 1 } }, over)).toMatchObject({ state: 'expired' });
    expect(closed(batch, { tally }, over)).toMatchObject({ state: 'expired' });
    expect(closed(batch, { tally }, over - 1)).toBeUndefined();
  });

  it('that nobody can bring to its end fails, and says why', () => {
    const why = { code: 'batch_broken_off', message: 'no' };
    const ending = finalizing(accepted(batch, found, at) as Batch, at) as Batch;
    expect(brokenOff(ending, { why, tally }, at + 9)).toMatchObject({
      ...{ state: 'failed', problems: [why], tally },
      since: { failed: at + 9 },
    });
    expect(brokenOff(closed(ending, { tally }, at) as Batch, { why, tally }, at)).toBeUndefined();
  });

  it('never leaves an end, whatever comes in whatever order', () => {
    const steps = fc.array(fc.constantFrom('accept', 'refuse', 'cancel', 'finalize', 'close', 'break'), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(steps, (names) => {
        let standing = batch;
        for (const name of names) {
          const before = standing;
          const asked = cancelled(standing, at);
          const changes = {
            accept: accepted(standing, found, at),
            refuse: refusedFor(standing, [], at),
            cancel: typeof asked === 'string' ? undefined : asked,
            finalize: finalizing(standing, at),
            close: closed(standing, { tally }, at),
            break: brokenOff(standing, { why: { code: 'c', message: 'm' }, tally }, at),
          };
          standing = changes[name as keyof typeof changes] ?? standing;
          if (hasEnded(before)) expect(standing).toBe(before);
          else if (standing !== before) expect(standing.revision).toBe(before.revision + 1);
        }
      }),
    );
  });
});
