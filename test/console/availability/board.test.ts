import { describe, expect, it } from 'vitest';
import { anAvailabilityTarget } from '#test/builders/availability-target.ts';
import { type BoardRow, buildBoard, isGap, markOf } from '../../../console/availability/board.ts';

const other = '222222222222';
const targets = [
  anAvailabilityTarget({ region: 'us-east-1', modelId: 'anthropic.claude-v1:0', model: 'chat' }),
  anAvailabilityTarget({
    region: 'us-east-1',
    account: other,
    modelId: 'anthropic.claude-v1:0',
    state: 'no-agreement',
    stale: true,
  }),
  anAvailabilityTarget({ region: 'eu-west-1', modelId: 'amazon.nova-v1:0', stale: true }),
  anAvailabilityTarget({ region: 'eu-west-1', endpoint: 'chat-small', state: 'warm', scope: 'dedicated' }),
];
const places = [...targets, { account: '111111111111', region: 'ap-south-1' }];

const titles = (lines: ReturnType<typeof buildBoard>['lines']) =>
  lines.map((line) => (line.kind === 'group' ? `# ${line.title} ${line.count}` : line.row.name));

function rowNamed(board: ReturnType<typeof buildBoard>, name: string): BoardRow {
  const line = board.lines.find((each) => each.kind === 'row' && each.row.name === name);
  return line?.kind === 'row' ? line.row : expect.unreachable(name);
}

describe('the board', () => {
  it('has a line for each model under its provider, endpoints first, and a column for each place', () => {
    const board = buildBoard(targets, places, 'provider');
    expect(titles(board.lines)).toEqual([
      '# Dedicated endpoints 1',
      'chat-small',
      '# Amazon 1',
      'amazon.nova-v1:0',
      '# Anthropic 1',
      'anthropic.claude-v1:0',
    ]);
    expect(board.columns.map(({ key, label, band }) => `${band} ${key} ${label}`)).toEqual([
      'Americas us-east-1 use1',
      'Europe eu-west-1 euw1',
      'Asia Pacific ap-south-1 aps1',
    ]);
    expect(rowNamed(board, 'anthropic.claude-v1:0').models).toEqual(['chat']);
  });

  it('shows the best of all accounts in a cell, and that they differ', () => {
    const row = rowNamed(buildBoard(targets, places, 'provider'), 'anthropic.claude-v1:0');
    expect(markOf(row.cells.get('us-east-1'))).toEqual({ kind: 'plain', stale: false, differs: true });
    expect(markOf(row.cells.get('ap-south-1'))).toEqual({
      kind: 'not-offered',
      stale: false,
      differs: false,
    });
  });

  it('keeps accounts apart by account, and has them as columns by region', () => {
    const byAccount = buildBoard(targets, places, 'account');
    expect(titles(byAccount.lines)).toContain(`# ${other} 1`);
    const mark = byAccount.lines.flatMap((line) =>
      line.kind === 'row' && line.row.group === other ? [markOf(line.row.cells.get('us-east-1'))] : [],
    );
    expect(mark).toEqual([{ kind: 'blocked', stale: true, differs: false }]);
    const byRegion = buildBoard(targets, places, 'region');
    expect(byRegion.columns.map(({ key }) => key)).toEqual(['111111111111', other]);
    expect(titles(byRegion.lines)).toContain('# eu-west-1 2');
  });

  it('calls a gap what somebody or time could change', () => {
    const gap = (state: string) => isGap(markOf([anAvailabilityTarget({ region: 'us-east-1', state })]));
    expect(['quota-zero', 'unknown', 'cold', 'available', 'not-offered'].map(gap)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
