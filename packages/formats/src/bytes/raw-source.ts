/** What a decoder reads from: the file's raw bytes in order, an empty array at its end. */
export interface RawSource {
  readonly file: string;
  read(maximumBytes: number): Promise<Uint8Array>;
}
