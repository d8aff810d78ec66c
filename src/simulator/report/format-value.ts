import type { Measured, ReportCell, Unit } from './report.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A number as people read it, with its unit and three digits that count. */
export function formatValue(value: number, unit: Unit): string {
  if (Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  switch (unit) {
    case 'ms':
      if (Math.abs(value) < SECOND) return `${digits(value)} ms`;
      return Math.abs(value) < HOUR ? `${digits(value / SECOND)} s` : `${digits(value / HOUR)} h`;
    case 'run-ms':
      return formatRunTime(value);
    case 'usd':
      return `${value < 0 ? '−' : ''}$${digits(Math.abs(value), Math.abs(value) < 100 && !Number.isInteger(value) ? 2 : 0)}`;
    case 'share':
      return `${digits(value * 100)} %`;
    case 'ratio':
      return `${digits(value)} ×`;
    case 'tokens':
    case 'count':
      return scaled(value);
    case 'per-second':
      return `${scaled(value)}/s`;
  }
}

/** A cell as text: an interval in brackets behind the number, its unit said once. */
export function formatCell(cell: ReportCell): string {
  if (typeof cell === 'string') return cell;
  const value = formatValue(cell.value, cell.unit);
  const interval = formatInterval(cell);
  return interval === undefined ? value : `${value} (${interval})`;
}

/** Both ends of a measured number; undefined where it has none. */
export function formatInterval({ low, high, unit }: Measured): string | undefined {
  if (low === undefined || high === undefined) return undefined;
  if (!Number.isFinite(low) && !Number.isFinite(high)) return undefined;
  const [from, to] = [formatValue(low, unit), formatValue(high, unit)];
  const [, suffix] = to.split(/(?= [^ ]+$)/);
  const isSame = suffix !== undefined && from.endsWith(suffix);
  // Beside a minus the dash would be read as another one.
  const dash = low < 0 ? ' – ' : '–';
  return `${isSame ? from.slice(0, -suffix.length) : from}${dash}${to}`;
}

function formatRunTime(milliseconds: number): string {
  if (Math.abs(milliseconds) < MINUTE) return `${digits(milliseconds / SECOND)} s`;
  const minutes = Math.round(milliseconds / MINUTE);
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${minutes} min`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

function scaled(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e9) return `${digits(value / 1e9)} G`;
  if (size >= 1e6) return `${digits(value / 1e6)} M`;
  return digits(value);
}

/** Three digits that count, all digits before the point, and no zeros that say nothing. */
function digits(value: number, decimalsMin = 0): string {
  const size = Math.abs(value);
  const whole = size < 1 ? 1 : Math.floor(Math.log10(size) + 1e-12) + 1;
  const decimals =
    size === 0 ? 0 : size < 1 ? Math.min(6, 2 - Math.floor(Math.log10(size))) : Math.max(0, 3 - whole);
  const fixed = value.toFixed(Math.max(decimals, decimalsMin));
  const [before = '', after = ''] = fixed.replace('-', '').split('.');
  const kept = after.replace(/0+$/, '').padEnd(decimalsMin, '0');
  const grouped = before.replace(/\B(?=(\d{3})+$)/g, ',');
  const isZero = /^[0,]*$/.test(grouped) && /^0*$/.test(kept);
  return `${value < 0 && !isZero ? '−' : ''}${grouped}${kept === '' ? '' : `.${kept}`}`;
}
