import {
  completeUpload,
  PART_BYTES,
  sendPart,
  type UploadedPart,
  zipKeyOf,
} from '../store/export-object.ts';
import { openPacker, type Packed, type Packer } from './pack.ts';
import { centralHeader, descriptor, endRecords, localHeader, type ZipEntry } from './zip-format.ts';

/** An entry of the zip, as its directory and the manifest will have it. */
export interface ExportFile extends Packed {
  path: string;
  /** Which part of the plan it is of. */
  part: string;
  /** `null` where it has no rows. */
  rows: number | null;
  startsAt: number;
}

/** Where an archive stands between two turns. */
export interface ArchiveState {
  parts: UploadedPart[];
  /** What is written, but fills no part yet. */
  rest: Uint8Array;
  bytes: number;
}

export interface ArchivePlace {
  bucket: R2Bucket;
  userId: string;
  id: string;
  uploadId: string;
  /** The time that entries carry. */
  madeAt: Date;
}

/** What is compressed already, in memory. */
export interface PackedPieces extends Packed {
  pieces: Uint8Array[];
}

/** A zip that goes up part by part. Memory holds one part of it. */
export class Archive {
  readonly #place: ArchivePlace;
  readonly #parts: UploadedPart[];
  readonly #part = new Uint8Array(PART_BYTES);
  #filled = 0;
  #bytes: number;
  /** Entries since the archive was opened. */
  readonly files: ExportFile[] = [];

  constructor(place: ArchivePlace, { parts, rest, bytes }: ArchiveState) {
    this.#place = place;
    this.#parts = [...parts];
    this.#part.set(rest);
    this.#filled = rest.length;
    this.#bytes = bytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get parts(): readonly UploadedPart[] {
    return this.#parts;
  }

  /** A view that the next write may change. */
  get rest(): Uint8Array {
    return this.#part.subarray(0, this.#filled);
  }

  /** An entry that is compressed on its way. @param fill returns how many rows it has written */
  async entry(
    path: string,
    part: string,
    fill: (packer: Packer) => Promise<number | null>,
  ): Promise<void> {
    const startsAt = await this.#begin(path);
    const packer = openPacker((piece) => this.#write(piece));
    const rows = await fill(packer);
    await this.#end({ path, part, rows, startsAt, ...(await packer.close()) });
  }

  async packedEntry(path: string, part: string, rows: number, file: PackedPieces): Promise<void> {
    const startsAt = await this.#begin(path);
    const { pieces, ...packed } = file;
    for (const piece of pieces) await this.#write(piece);
    await this.#end({ path, part, rows, startsAt, ...packed });
  }

  /** @param entries all of the archive, page by page, in their order */
  async close(entries: AsyncIterable<readonly ZipEntry[]>): Promise<void> {
    const directory = { entries: 0, startsAt: this.#bytes, bytes: 0 };
    for await (const page of entries) {
      directory.entries += page.length;
      for (const entry of page) await this.#write(centralHeader(entry, this.#place.madeAt));
    }
    directory.bytes = this.#bytes - directory.startsAt;
    await this.#write(endRecords(directory));
    if (this.#filled > 0) await this.#send();
    await completeUpload(this.#place.bucket, this.#upload, this.#parts);
  }

  async #begin(path: string): Promise<number> {
    const startsAt = this.#bytes;
    await this.#write(localHeader(path, this.#place.madeAt));
    return startsAt;
  }

  async #end(file: ExportFile): Promise<void> {
    await this.#write(descriptor(file));
    this.files.push(file);
  }

  async #write(piece: Uint8Array): Promise<void> {
    this.#bytes += piece.length;
    for (let from = 0; from < piece.length; ) {
      const taken = piece.subarray(from, from + PART_BYTES - this.#filled);
      this.#part.set(taken, this.#filled);
      this.#filled += taken.length;
      from += taken.length;
      if (this.#filled === PART_BYTES) await this.#send();
    }
  }

  async #send(): Promise<void> {
    const number = this.#parts.length + 1;
    this.#parts.push(await sendPart(this.#place.bucket, this.#upload, number, this.rest));
    this.#filled = 0;
  }

  get #upload() {
    const { userId, id, uploadId } = this.#place;
    return { key: zipKeyOf(userId, id), uploadId };
  }
}
