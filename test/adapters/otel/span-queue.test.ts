import type { SpanExporter } from '@opentelemetry/sdk-trace';
import { expect, it, onTestFinished } from 'vitest';
import { createSpanQueue } from '#adapters/otel/span-queue.ts';
import { aTracedRequest } from '#test/builders/a-traced-request.ts';

type Export = Parameters<SpanExporter['export']>;

function aQueue(taken: (spans: Export[0], done: Export[1]) => void) {
  const lost: number[] = [];
  const exporter = { export: taken, shutdown: async () => undefined } as SpanExporter;
  const queue = createSpanQueue({
    exporter,
    spansOf: ({ record }) => [{ name: record.requestId }, { name: 'call' }] as never,
    onLost: (requests) => void lost.push(requests),
  });
  onTestFinished(() => queue.close());
  return { queue, lost };
}

const request = (requestId: string) => aTracedRequest({ record: { requestId } });

it('sends what was gathered in batches, the spans of a request together', async () => {
  const batches: number[] = [];
  const { queue, lost } = aQueue((spans, done) => {
    batches.push(spans.length);
    done({ code: 0 });
  });
  for (let index = 0; index < 300; index += 1) queue.add(request(`r${index}`));
  await queue.flush();
  expect(batches).toEqual([512, 88]);
  expect(lost).toEqual([]);
});

it('keeps no more than so many while a collector hangs, and counts the rest', async () => {
  const answers: Export[1][] = [];
  const { queue, lost } = aQueue((_, done) => void answers.push(done));
  queue.add(request('first'));
  const hanging = queue.flush();
  for (let index = 0; index < 2_050; index += 1) queue.add(request(`r${index}`));
  // Nothing else is sent before the first batch is answered.
  expect(queue.flush()).toBe(hanging);
  expect(answers).toHaveLength(1);
  answers[0]?.({ code: 1 });
  await hanging;
  expect(lost).toEqual([1]);
  const rest = queue.flush();
  for (let index = 1; index <= 9; index += 1) {
    answers[index]?.({ code: 0 });
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
  }
  await rest;
  expect(lost).toEqual([1, 2]);
});
