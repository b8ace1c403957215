import type { VcfReader } from '@federome/formats';
import type { InputState } from '../ingest/input-file.ts';
import type { ReferenceQuality } from './reference-records.ts';

/** How files are ingested together. */
export interface MergeOptions {
  readonly reference?: string | undefined;
  readonly referenceQuality?: ReferenceQuality | undefined;
  /** Bound of what is held of the files' calls; more is set aside in an unnamed, encrypted file. 128 MiB unless given. */
  readonly heldBytes?: number | undefined;
  readonly onProgress?:
    | ((progress: {
        readonly file: string;
        readonly bytesRead: number;
        readonly bytesTotal: number;
        readonly records: number;
        /** Files read before this one, and all that are to be read. */
        readonly files: number;
        readonly filesTotal: number;
      }) => void)
    | undefined;
}

/** A file that is to be merged. */
export interface FileToMerge {
  readonly reader: VcfReader;
  readonly input: InputState;
}
