import { workerData } from 'node:worker_threads';
import { InflateJobs, type JobTable } from './inflate-jobs.ts';

/** What a thread that inflates is started with. */
export interface InflateWorkerData {
  readonly table: JobTable;
  /** Where its kernels' own tables lie. */
  readonly tables: number;
  readonly thread: number;
}

const { table, tables, thread }: InflateWorkerData = workerData;
new InflateJobs(table, tables, thread).serve();
