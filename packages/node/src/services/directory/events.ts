import type { DirectoryDocument, DirectoryMember, Ledger, LedgerEvent } from '@federome/core';
import type { DirectoryStore, VersionRow } from '../../stores/directory/directory-store.ts';

const BATCH = 100;

/** What a version changed, for the ledger: identifiers, roles and countries. */
export function eventsOf(
  before: DirectoryDocument | undefined,
  { version, hash, document }: VersionRow,
  at: string,
): readonly LedgerEvent[] {
  const { network } = document;
  const event = (type: string, data: LedgerEvent['data'] = {}): LedgerEvent => ({
    type: `directory/${type}`,
    at,
    data: { network, version, hash, ...data },
  });
  const then = new Map(before?.members.map((member) => [member.id, member]));
  const now = new Map(document.members.map((member) => [member.id, member]));
  const events = [
    ...(before === undefined ? [event('founded')] : []),
    ...[...now.values()].flatMap((member) => {
      const known = then.get(member.id);
      if (known === undefined) return [event('member-joined', described(member))];
      return JSON.stringify(known) === JSON.stringify(member)
        ? []
        : [event('member-updated', described(member))];
    }),
    ...[...then.values()]
      .filter(({ id }) => !now.has(id))
      .map((member) => event('member-left', described(member))),
    ...(before !== undefined && before.rule !== document.rule
      ? [event('threshold-changed', { rule: document.rule })]
      : []),
  ];
  return events.length > 0 ? events : [event('renewed')];
}

function described({ id, role, country, keys }: DirectoryMember): LedgerEvent['data'] {
  return { member: id, role, country, keys: keys.map((key) => key.id) };
}

/**
 * Hands events that wait in the store to the ledger, in order. They were stored with what they tell of: a ledger that is
 * away holds up no version, and gets them later. An event is told twice where the process ended in between, never lost.
 */
export async function tellEvents(store: DirectoryStore, ledger: Ledger): Promise<void> {
  for (;;) {
    const waiting = await store.events(BATCH);
    for (const { sequence, event } of waiting) {
      await ledger.record(event);
      await store.removeEvent(sequence);
    }
    if (waiting.length < BATCH) return;
  }
}
