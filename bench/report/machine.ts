import { cpus, totalmem } from 'node:os';
import { output } from '../programs/peers.ts';

/** The machine and the programs, without the names of hosts or paths. */
export async function machineFacts(): Promise<string> {
  const version = async (command: readonly string[]): Promise<string> =>
    (await output(command))[0] ?? 'unknown';
  const memory = Math.round(totalmem() / 2 ** 30);
  const plink = (await version(['plink2', '--version'])).replace(/ \(.*/, '').replace('PLINK v', 'plink2 ');
  const processors = cpus();
  return [
    `${processors.length} cores of ${processors[0]?.model.trim() ?? 'an unknown kind'}, ${memory} GB of memory`,
    `Node ${process.versions.node}`,
    await version(['bcftools', '--version']),
    plink,
  ].join('; ');
}
