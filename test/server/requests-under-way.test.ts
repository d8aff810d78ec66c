import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RequestsUnderWay, type RequestUnderWay } from '#server/requests-under-way.ts';

const anAnswer = () => new ServerResponse(new IncomingMessage(new Socket()));

it('hands out each request with its answer and its controller', () => {
  const underWay = new RequestsUnderWay();
  const outgoing = anAnswer();
  const controller = new AbortController();
  const request = underWay.add(outgoing, controller);
  expect([request.outgoing, request.controller]).toEqual([outgoing, controller]);
  expect(underWay.all()).toEqual([request]);
});

it('shows a list that stays as it is while requests come and go', () => {
  const underWay = new RequestsUnderWay();
  const first = underWay.add(anAnswer(), new AbortController());
  const shown = underWay.all();
  underWay.remove(first);
  underWay.add(anAnswer(), new AbortController());
  expect(shown).toEqual([first]);
});

it('holds those that were added and not removed, in whatever order they go: 500 rows of arrivals', () => {
  const outgoing = anAnswer();
  const controller = new AbortController();
  // A number removes the request at that place of those that are left; undefined adds one.
  const steps = fc.array(fc.option(fc.nat({ max: 20 }), { nil: undefined }), { maxLength: 60 });
  let most = 0;
  fc.assert(
    fc.property(steps, (row) => {
      const underWay = new RequestsUnderWay();
      const left: RequestUnderWay[] = [];
      for (const step of row) {
        if (step === undefined || left.length === 0) left.push(underWay.add(outgoing, controller));
        else for (const gone of left.splice(step % left.length, 1)) underWay.remove(gone);
        expect(underWay.size).toBe(left.length);
        expect(new Set(underWay.all())).toEqual(new Set(left));
        most = Math.max(most, left.length);
      }
    }),
    { numRuns: 500, seed: 20_261_121 },
  );
  expect(most).toBeGreaterThan(5);
});
