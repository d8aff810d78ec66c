/** Micro-USD as whole dollars: `12,345`; cents below ten. */
export function dollars(microUsd: number): string {
  const usd = microUsd / 1_000_000;
  return usd !== 0 && usd < 10 ? usd.toFixed(2) : grouped(Math.round(usd));
}

/** A share from 0 on: `2.1 %`, `< 0.1 %`, `140 %`. */
export function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.1) return '< 0.1 %';
  return `${value >= 10 || Number.isInteger(value) ? Math.round(value) : value.toFixed(1)} %`;
}

/** Three digits that matter: `0.034`, `5.53`, `1,155`. */
export function quantity(value: number): string {
  if (!Number.isFinite(value)) return '∞';
  if (value >= 100 || Number.isInteger(value)) return grouped(Math.round(value));
  return String(Number(value.toPrecision(3)));
}

function grouped(whole: number): string {
  return String(whole).replace(/\B(?=(\d{3})+$)/g, ',');
}
