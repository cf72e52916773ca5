export type BodyKind = 'json' | 'zip' | 'multipart' | 'csv';
export const kindOf = (_head: Uint8Array, _contentType: string | null): BodyKind => 'json';
