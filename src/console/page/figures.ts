/** A ratio in percent with at most one decimal: `93.5%`, `100%`. */
export function percentText(ratio: number): string {
  return `${Number((ratio * 100).toFixed(1))}%`;
}

/** A share with its sign and two decimals: `+1.20`, `−0.35`. */
export function signedText(share: number): string {
  const size = Math.abs(share).toFixed(2);
  if (Number(size) === 0) return size;
  return `${share < 0 ? '−' : '+'}${size}`;
}
