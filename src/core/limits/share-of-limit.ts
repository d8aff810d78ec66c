/**
 * What one of several gateways enforces of a limit that they share: as even as whole numbers allow, the first ones get
 * what is left over. All shares sum up to the limit.
 *
 * @param index of the gateway among those that share, from 0
 */
export function shareOfLimit(
  limit: number,
  gateways: { readonly count: number; readonly index: number },
): number {
  const { count, index } = gateways;
  return Math.floor(limit / count) + (index < limit % count ? 1 : 0);
}
