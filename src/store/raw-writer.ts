import { MEMBER_BYTES, packMember } from './members.ts';

/** R2 wants all parts but the last equal, and none under 5 MiB. */
const PART_BYTES = 5 * 1024 * 1024;
const FIRST_PART_BYTES = 64 * 1024;
/** What outgrows this gets a whole part: each doubling leaves the former buffer behind, together as much as the last. */
const MAX_DOUBLED_BYTES = 512 * 1024;

/** Packs a body as it comes. What fits a part goes up at once, whatever the length of the body; more goes up in parts. */
export class MemberWriter {
  readonly #bucket: R2Bucket;
  readonly #key: string;
  readonly #customMetadata: Record<string, string>;
  readonly #member = new Uint8Array(MEMBER_BYTES);
  #inMember = 0;
  /** Grows up to a part, since few bodies fill one. */
  #part = new Uint8Array(FIRST_PART_BYTES);
  #inPart = 0;
  #upload: R2MultipartUpload | null = null;
  readonly #parts: R2UploadedPart[] = [];
  readonly #ends: number[] = [];

  constructor(bucket: R2Bucket, key: string, customMetadata: Record<string, string>) {
    this.#bucket = bucket;
    this.#key = key;
    this.#customMetadata = customMetadata;
  }

  async write(piece: Uint8Array): Promise<void> {
    for (let from = 0; from < piece.length; ) {
      const taken = piece.subarray(from, from + MEMBER_BYTES - this.#inMember);
      this.#member.set(taken, this.#inMember);
      this.#inMember += taken.length;
      from += taken.length;
      if (this.#inMember === MEMBER_BYTES) await this.#pack();
    }
  }

  /** @returns where each member ends. Nothing is stored before. */
  async close(): Promise<number[]> {
    if (this.#inMember > 0 || this.#ends.length === 0) await this.#pack();
    const rest = this.#part.subarray(0, this.#inPart);
    if (this.#upload === null) {
      await this.#bucket.put(this.#key, rest, { customMetadata: this.#customMetadata });
    } else {
      if (this.#inPart > 0) await this.#send(this.#upload);
      await this.#upload.complete(this.#parts);
    }
    return this.#ends;
  }

  async abort(): Promise<void> {
    await this.#upload?.abort();
  }

  async #pack(): Promise<void> {
    const packed = await packMember(this.#member.subarray(0, this.#inMember));
    this.#inMember = 0;
    this.#ends.push((this.#ends.at(-1) ?? 0) + packed.length);
    for (let from = 0; from < packed.length; ) {
      this.#makeRoom(packed.length - from);
      const taken = packed.subarray(from, from + PART_BYTES - this.#inPart);
      this.#part.set(taken, this.#inPart);
      this.#inPart += taken.length;
      from += taken.length;
      if (this.#inPart === PART_BYTES) await this.#send(await this.#opened());
    }
  }

  #makeRoom(bytes: number): void {
    const needed = Math.min(this.#inPart + bytes, PART_BYTES);
    if (needed <= this.#part.length) return;
    const doubled = Math.max(needed, 2 * this.#part.length);
    const larger = new Uint8Array(doubled > MAX_DOUBLED_BYTES ? PART_BYTES : doubled);
    larger.set(this.#part.subarray(0, this.#inPart));
    this.#part = larger;
  }

  async #opened(): Promise<R2MultipartUpload> {
    const options = { customMetadata: this.#customMetadata };
    this.#upload ??= await this.#bucket.createMultipartUpload(this.#key, options);
    return this.#upload;
  }

  async #send(upload: R2MultipartUpload): Promise<void> {
    const part = this.#part.subarray(0, this.#inPart);
    this.#parts.push(await upload.uploadPart(this.#parts.length + 1, part));
    this.#inPart = 0;
  }
}
