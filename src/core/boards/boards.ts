import { availabilityBoard } from './availability-board.ts';
import type { Board } from './board.ts';
import { capacityBoard } from './capacity-board.ts';
import { costBoard } from './cost-board.ts';
import { discoveryBoard } from './discovery-board.ts';
import { modelBoard } from './model-board.ts';
import { routingBoard } from './routing-board.ts';

/** In the order in which a reader meets them. */
export const boards: readonly Board[] = [
  availabilityBoard,
  routingBoard,
  modelBoard,
  capacityBoard,
  costBoard,
  discoveryBoard,
];
