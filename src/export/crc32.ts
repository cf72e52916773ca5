/** One entry a byte value: the remainder it leaves under the polynomial of IEEE 802.3, bits reversed. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) {
    remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
  }
  return remainder;
});

/** CRC-32 of bytes that come in pieces, unsigned. @param before of the pieces so far; 0 for none. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let remainder = ~before;
  for (let i = 0; i < bytes.length; i++) {
    const entry = TABLE[(remainder ^ (bytes[i] ?? 0)) & 0xff] ?? 0;
    remainder = (remainder >>> 8) ^ entry;
  }
  return ~remainder >>> 0;
}
