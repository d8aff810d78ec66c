import { describe, expect, it } from 'vitest';
import type { Board, PanelSeries } from '#core/boards/board.ts';
import { boards } from '#core/boards/boards.ts';
import { checkBoard, overfullPanels } from '#core/boards/check-board.ts';

const setting = {
  homeRegion: 'us-east-1',
  regions: ['us-east-1'],
  accounts: ['111111111111'],
  models: ['m'],
  tenants: [],
};
const withSeries = (series: readonly PanelSeries[], panels = 1): Board => ({
  ...{ id: 'wide', title: 'Wide', question: 'How wide?', place: 'home' },
  rows: [
    {
      title: 'Row',
      panels: Array.from({ length: panels }, (_, index) => ({
        ...{
          title: `Panel ${index}`,
          question: 'What?',
          kind: 'series',
          unit: 'count',
          width: 6,
          periodSeconds: 60,
        },
        series,
      })),
    },
  ],
});
const search = (id: string, model?: string): PanelSeries => ({
  ...{ kind: 'search', id, metric: 'Failovers', statistic: 'Sum' },
  ...(model === undefined ? {} : { where: { Model: model } }),
});

describe('checkBoard', () => {
  it('finds nothing in the boards, with thirty accounts, 21 regions, 200 models and 500 tenants', () => {
    const named = (name: string, count: number) =>
      Array.from({ length: count }, (_, index) => `${name}-${index}`);
    const large = {
      homeRegion: 'us-east-1',
      regions: named('region-of-the-world', 21),
      accounts: named('111111111111', 30),
      models: named('a-model-with-a-long-name', 200),
      tenants: named('a-tenant-with-a-long-name', 500),
    };
    expect(boards.flatMap((board) => checkBoard(board, large))).toEqual([]);
  });

  it('finds too many widgets, too many and too long searches, and too large a body', () => {
    expect(checkBoard(withSeries([search('a')], 499), setting)).toEqual([
      'board wide: 501 widgets, CloudWatch shows 500',
      expect.stringMatching(/^board wide: its body has \d+ bytes, the bound is 100000$/),
    ]);
    const many = Array.from({ length: 101 }, (_, index) => search(`a${index}`));
    expect(checkBoard(withSeries(many), setting)).toEqual([
      'board wide, panel Panel 0 (count): 101 searches, a graph has at most 100',
    ]);
    expect(checkBoard(withSeries([search('a', 'x'.repeat(1_000))]), setting)).toEqual([
      expect.stringMatching(/a search of \d+ characters, at most 1024$/),
    ]);
  });
});

describe('overfullPanels', () => {
  const shape = {
    ...{ accounts: 30, accountRegions: 30, trackedModels: 3, models: 3, dedicatedModels: 1 },
    ...{ gateways: 1, auditedGateways: 1, tenants: 10 },
  };

  it('finds none where a region has thirty accounts and three tracked models', () => {
    expect(boards.flatMap((board) => overfullPanels(board, shape))).toEqual([]);
  });

  it('names panels that would leave series out', () => {
    const tracked = { ...shape, trackedModels: 140 };
    expect(boards.flatMap((board) => overfullPanels(board, tracked))).toEqual([
      'board availability, panel Models by account: up to 4200 series, of which CloudWatch shows 500',
      // Where its reader chooses all.
      'board availability, panel Models of the account: up to 4200 series, of which CloudWatch shows 500',
    ]);
  });
});
