import { ARGUMENTS, OBJECT, pack, type StoredObject, type StoredPage, unpack } from './protocol.ts';

/** As much of R2's binding as src/store uses, over HTTP to a bucket that outlives this Worker. */

type Value = ReadableStream | ArrayBuffer | ArrayBufferView | string;

export function openRemoteBucket(url: string): R2Bucket {
  const ask = (operation: string, init: RequestInit) => post(`${url}/${operation}`, init);
  const json = (operation: string, args: unknown) => ask(operation, { body: JSON.stringify(args) });
  const send = (operation: string, args: unknown, body: Value) =>
    ask(operation, { body, headers: { [ARGUMENTS]: pack(args) } });

  const multipart = (key: string, uploadId: string) => ({
    key,
    uploadId,
    uploadPart: async (partNumber: number, value: Value) =>
      (await send('uploadPart', { key, uploadId, partNumber }, value)).json<R2UploadedPart>(),
    complete: async (parts: R2UploadedPart[]) =>
      objectOf(await json('completeMultipartUpload', { key, uploadId, parts })),
    abort: async () => void (await json('abortMultipartUpload', { key, uploadId })),
  });

  const bucket = {
    put: async (key: string, value: Value, options: R2PutOptions = {}) =>
      objectOf(await send('put', { key, customMetadata: options.customMetadata }, value)),
    get: async (key: string, options: R2GetOptions = {}) => {
      const response = await found(() => json('get', { key, range: options.range }));
      return response === null ? null : withBody(response);
    },
    head: async (key: string) => {
      const response = await found(() => json('head', { key }));
      return response === null ? null : objectOf(response);
    },
    delete: async (keys: string | string[]) => void (await json('delete', { keys })),
    list: async (options: R2ListOptions = {}) => {
      const { objects, ...page } = await (await json('list', options)).json<StoredPage>();
      return { objects: objects.map(present), truncated: 'cursor' in page, ...page };
    },
    createMultipartUpload: async (key: string, options: R2MultipartOptions = {}) => {
      const { customMetadata } = options;
      const response = await json('createMultipartUpload', { key, customMetadata });
      return multipart(key, (await response.json<{ uploadId: string }>()).uploadId);
    },
    resumeMultipartUpload: multipart,
  };
  // What is missing nobody calls: it would fail loudly.
  return bucket as unknown as R2Bucket;
}

class NotThere extends Error {
  override name = 'NotThere';
}

async function post(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, { method: 'POST', ...init });
  if (response.ok) return response;
  const reason = await response.text();
  throw response.status === 404 ? new NotThere(reason) : new Error(`R2: ${reason}`);
}

async function found(work: () => Promise<Response>): Promise<Response | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof NotThere) return null;
    throw error;
  }
}

const present = ({ uploadedAt, ...rest }: StoredObject) => ({
  ...rest,
  uploaded: new Date(uploadedAt),
});

const objectOf = async (response: Response) => present(await response.json<StoredObject>());

const withBody = (response: Response) => ({
  ...present(unpack(response.headers.get(OBJECT)) as StoredObject),
  body: response.body,
  arrayBuffer: () => response.arrayBuffer(),
  bytes: () => response.bytes(),
  text: () => response.text(),
  json: () => response.json(),
});
