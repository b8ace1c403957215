import { BeaconClient, type BeaconInfo, type CallOptions, ClientError, type Fetch } from '@federome/client';
import type { MemberRow } from '../../stores/records/records.ts';
import { InFlight } from './in-flight.ts';

/** What a hub allows a member. */
export interface MemberLimits {
  /** Largest answer in bytes. */
  readonly maximumBytes: number;
  /** Questions to one member at a time; further ones wait within their deadline. */
  readonly inFlight: number;
  /** How long what a member says of itself is believed. */
  readonly infoTtlMs: number;
}

export const MEMBER_LIMITS: MemberLimits = { maximumBytes: 8_000_000, inFlight: 32, infoTtlMs: 10_000 };

/** After a failure, `/info` is asked again this soon. */
const FAILED_INFO_TTL_MS = 1_000;

interface Asked {
  readonly atMs: number;
  readonly info: Promise<BeaconInfo>;
  failed: boolean;
}

/** One member as the hub talks to it: its Beacon, the questions under way, and what it said of itself lately. */
export class Member {
  readonly row: MemberRow;
  readonly beacon: BeaconClient;
  readonly inFlight: InFlight;
  /** Whether questions to it are signed and it is who the directory of members says: then it is told who asks. */
  readonly isSigned: boolean;
  /** The latest that it said of itself, however long ago. */
  lastInfo: BeaconInfo | undefined;
  readonly #limits: MemberLimits;
  #asked: Asked | undefined;

  constructor(row: MemberRow, limits: MemberLimits = MEMBER_LIMITS, fetch?: Fetch, isSigned = false) {
    this.row = row;
    this.isSigned = isSigned;
    this.#limits = limits;
    this.beacon = new BeaconClient(row.url, {
      country: row.country,
      maximumBytes: limits.maximumBytes,
      fetch,
    });
    this.inFlight = new InFlight(limits.inFlight);
  }

  /**
   * What the member says of itself, at most `infoTtlMs` old. Throws `client/wrong-country` where it is of another
   * country than the directory says, `client/wrong-schema` where it is another Beacon.
   */
  info(call: CallOptions): Promise<BeaconInfo> {
    const ageMs = performance.now() - (this.#asked?.atMs ?? 0);
    const asked = this.#asked;
    if (asked !== undefined && ageMs < (asked.failed ? FAILED_INFO_TTL_MS : this.#limits.infoTtlMs)) {
      return asked.info;
    }
    const fresh: Asked = { atMs: performance.now(), info: this.#askInfo(call), failed: false };
    fresh.info.catch(() => {
      fresh.failed = true;
    });
    this.#asked = fresh;
    return fresh.info;
  }

  async #askInfo(call: CallOptions): Promise<BeaconInfo> {
    const info = await this.beacon.info({ ...call, maximumBytes: 1_000_000 });
    if (info.id !== this.row.id) {
      throw new ClientError(
        'client/wrong-schema',
        `calls itself '${info.id.slice(0, 100)}', the directory calls it '${this.row.id}'`,
      );
    }
    this.lastInfo = info;
    return info;
  }
}
