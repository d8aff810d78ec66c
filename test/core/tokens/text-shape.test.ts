import { expect, it } from 'vitest';
import { emptyShape, indexOfKind, pieceKinds } from '#core/tokens/text-shape.ts';

it('has a place for every kind of piece, empty at first and of its own', () => {
  expect(pieceKinds.map((kind) => indexOfKind[kind])).toEqual(pieceKinds.map((_, index) => index));
  expect([...emptyShape()]).toEqual(pieceKinds.map(() => 0));
  expect(emptyShape()).not.toBe(emptyShape());
});
