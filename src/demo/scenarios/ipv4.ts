/** Four bytes as text. */
export const ipv4 = (number: number): string => [24, 16, 8, 0].map(shift => (number >>> shift) & 255).join('.')
/** Of `10.0.0.1` or `10.0.0.0/16`. */
export const numberOfIpv4 = (text: string): number =>
  text
    .split('/', 1)[0]!
    .split('.')
    .reduce((sum, byte) => sum * 256 + Number(byte), 0)
