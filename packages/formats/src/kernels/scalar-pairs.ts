import type { PairKernels } from './pair-kernels.ts';
import { ScanListWriter } from './scan-lists.ts';
import type { TextMemory } from './text-memory.ts';

const END_OF_VECTOR = 0x81;

/** The kernels in plain TypeScript: what the WASM ones are checked against, and what serves where those were not built. */
export function scalarPairKernels(memory: TextMemory): PairKernels {
  return {
    name: 'scalar',
    scanPairs(start, samples, highest, lists) {
      const values = memory.bytes.subarray(start, start + 2 * samples);
      const writer = new ScanListWriter(memory, lists, (values[1]! & 1) === 1);
      for (let sample = 0; sample < samples; sample += 1) {
        const [first, second] = [values[2 * sample]!, values[2 * sample + 1]!];
        if (!takeAllele(writer, 2 * sample, first, highest)) return 0;
        if (second === END_OF_VECTOR) writer.lacking(2 * sample + 1);
        else if (!takeAllele(writer, 2 * sample + 1, second, highest)) return 0;
        // The end of a vector has the bit too: a call of one copy counts as phased.
        writer.phased(sample, (second & 1) === 1);
      }
      writer.finish();
      return 1;
    },
  };
}

function takeAllele(writer: ScanListWriter, haplotype: number, value: number, highest: number): boolean {
  const allele = (value >> 1) - 1;
  if (value >= 128 || allele > highest) return false;
  if (allele < 0) writer.notCalled(haplotype);
  else if (allele > 0) writer.carried(haplotype, allele);
  return true;
}
