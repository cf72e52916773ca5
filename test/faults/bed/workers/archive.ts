import { ARGUMENTS, OBJECT, pack, type StoredObject, type StoredPage, unpack } from './protocol.ts';

/** R2 over HTTP: a Worker that is never killed, and has the one real bucket of the bed. `POST /<operation>` */

interface ArchiveEnv {
  RAW: R2Bucket;
}

interface PutArguments {
  key: string;
  customMetadata?: Record<string, string>;
}

interface PartArguments {
  key: string;
  uploadId: string;
  partNumber: number;
}

const describe = (object: R2Object): StoredObject => ({
  key: object.key,
  size: object.size,
  etag: object.etag,
  uploadedAt: object.uploaded.getTime(),
  ...(object.customMetadata === undefined ? {} : { customMetadata: object.customMetadata }),
});

const missing = () => new Response(null, { status: 404 });
const argumentsOf = <T>(request: Request): T => unpack(request.headers.get(ARGUMENTS)) as T;

/** A body whose length was said beforehand goes to R2 as a stream, and R2 refuses any other, as it does in production. */
const bodyOf = (request: Request): ReadableStream | Uint8Array => request.body ?? new Uint8Array(0);

type Operation = (bucket: R2Bucket, request: Request) => Promise<Response>;

const OPERATIONS: Record<string, Operation> = {
  put: async (bucket, request) => {
    const { key, customMetadata = {} } = argumentsOf<PutArguments>(request);
    return Response.json(describe(await bucket.put(key, bodyOf(request), { customMetadata })));
  },
  get: async (bucket, request) => {
    const { key, range } = await request.json<{ key: string; range?: R2Range }>();
    const object = await bucket.get(key, range === undefined ? {} : { range });
    if (object === null) return missing();
    return new Response(object.body, { headers: { [OBJECT]: pack(describe(object)) } });
  },
  head: async (bucket, request) => {
    const object = await bucket.head((await request.json<{ key: string }>()).key);
    return object === null ? missing() : Response.json(describe(object));
  },
  delete: async (bucket, request) => {
    await bucket.delete((await request.json<{ keys: string | string[] }>()).keys);
    return Response.json(null);
  },
  list: async (bucket, request) => {
    const page = await bucket.list(await request.json<R2ListOptions>());
    const answer: StoredPage = {
      objects: page.objects.map(describe),
      delimitedPrefixes: page.delimitedPrefixes,
      ...(page.truncated ? { cursor: page.cursor } : {}),
    };
    return Response.json(answer);
  },
  createMultipartUpload: async (bucket, request) => {
    const { key, customMetadata = {} } = await request.json<PutArguments>();
    const { uploadId } = await bucket.createMultipartUpload(key, { customMetadata });
    return Response.json({ uploadId });
  },
  uploadPart: async (bucket, request) => {
    const { key, uploadId, partNumber } = argumentsOf<PartArguments>(request);
    const upload = bucket.resumeMultipartUpload(key, uploadId);
    return Response.json(await upload.uploadPart(partNumber, bodyOf(request)));
  },
  completeMultipartUpload: async (bucket, request) => {
    const { key, uploadId, parts } = await request.json<
      PartArguments & { parts: R2UploadedPart[] }
    >();
    const upload = bucket.resumeMultipartUpload(key, uploadId);
    return Response.json(describe(await upload.complete(parts)));
  },
  abortMultipartUpload: async (bucket, request) => {
    const { key, uploadId } = await request.json<PartArguments>();
    await bucket.resumeMultipartUpload(key, uploadId).abort();
    return Response.json(null);
  },
};

export default {
  async fetch(request, { RAW }) {
    const operation = OPERATIONS[new URL(request.url).pathname.slice(1)];
    if (operation === undefined) return new Response('No such operation', { status: 405 });
    try {
      return await operation(RAW, request);
    } catch (error) {
      return new Response(String(error), { status: 500 });
    }
  },
} satisfies ExportedHandler<ArchiveEnv>;
