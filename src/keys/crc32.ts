/** One entry a byte value: the remainder it leaves under the polynomial of IEEE 802.3, bits reversed. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) {
    remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
  }
  return remainder;
});

/** CRC-32 (IEEE 802.3, as in zip and PNG) of an ASCII text, unsigned. */
export function crc32(text: string): number {
  let remainder = 0xffffffff;
  for (let i = 0; i < text.length; i++) {
    const entry = TABLE[(remainder ^ text.charCodeAt(i)) & 0xff] ?? 0;
    remainder = (remainder >>> 8) ^ entry;
  }
  return (remainder ^ 0xffffffff) >>> 0;
}
