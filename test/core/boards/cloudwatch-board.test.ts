import { describe, expect, it } from 'vitest';
import { boards } from '#core/boards/boards.ts';
import { type BoardSetting, cloudWatchBoard, placeholderOf } from '#core/boards/cloudwatch-board.ts';

const setting: BoardSetting = {
  homeRegion: 'us-east-1',
  regions: ['eu-central-1', 'us-east-1'],
  accounts: ['111111111111', '222222222222'],
  models: ['chat-large', 'embed'],
  tenants: ['demo'],
};
const bodyOf = (id: string, given: BoardSetting = setting) => {
  const board = boards.find((each) => each.id === id);
  if (board === undefined) throw new Error(`no board ${id}`);
  return cloudWatchBoard(board, given);
};

describe('a board in CloudWatch', () => {
  it('asks each panel for its searches and formulas, hidden ones too', () => {
    const spilled = bodyOf('routing').widgets.find(
      ({ properties }) => 'title' in properties && properties.title === 'Spilled share (percent)',
    );
    const search = (name: string, dimensions: string) =>
      `SEARCH('{Spillway/Gateway,${dimensions}} MetricName="${name}"', 'Sum', 300)`;
    expect(spilled).toMatchObject({
      type: 'metric',
      properties: {
        ...{ region: 'us-east-1', period: 300, view: 'timeSeries' },
        metrics: [
          [{ id: 'part', expression: search('Spilled', 'Model'), visible: false }],
          [{ id: 'whole', expression: search('Requests', 'Model,Tier'), visible: false }],
          [{ id: 'share', expression: '100 * FILL(SUM(part), 0) / SUM(whole)', label: 'spilled' }],
        ],
      },
    });
  });

  it('lets the reader choose a region by property, and others by a word that stands nowhere else', () => {
    const { variables, widgets } = bodyOf('model');
    expect(variables).toMatchObject([
      { id: 'region', type: 'property', property: 'region', inputType: 'select', defaultValue: 'us-east-1' },
      {
        ...{ id: 'model', type: 'pattern', pattern: 'CHOSEN_MODEL', defaultValue: 'chat-large' },
        values: [
          { label: 'all', value: 'Spillway/Gateway' },
          { label: 'chat-large', value: 'chat-large' },
          { label: 'embed', value: 'embed' },
        ],
      },
    ]);
    expect(JSON.stringify(widgets)).toContain('(Model=\\"CHOSEN_MODEL\\" OR Namespace=\\"CHOSEN_MODEL\\")');
    for (const board of boards) {
      const text = JSON.stringify(cloudWatchBoard(board, setting).widgets);
      const used = (['account', 'model', 'tenant'] as const).filter((each) =>
        text.includes(placeholderOf(each)),
      );
      const offered = cloudWatchBoard(board, setting).variables.map(({ id }) => id);
      expect(offered.filter((id) => id !== 'region').sort()).toEqual([...used].sort());
    }
  });

  it('lets the reader write a name where the configuration has none', () => {
    expect(bodyOf('cost', { ...setting, tenants: [] }).variables[1]).toMatchObject({
      id: 'tenant',
      inputType: 'input',
      defaultValue: 'Spillway/Gateway',
    });
  });

  it('draws thresholds that mean something', () => {
    const age = bodyOf('discovery').widgets[2];
    expect(age?.properties).toMatchObject({
      annotations: { horizontal: [{ value: 900, color: '#d62728' }] },
    });
  });
});
