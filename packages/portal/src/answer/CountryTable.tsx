import type { MemberAnswer, NetworkAnswer } from '@federome/client';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../design/Icon.tsx';
import { useFormat } from '../language/use-format.ts';
import { countAttribute } from './attributes.ts';
import { SortHeader } from './SortHeader.tsx';
import { type Column, type Direction, sortMembers } from './summary.ts';

/** One row a member: its state, its number, how long it took. */
export function CountryTable({ answer }: { readonly answer: NetworkAnswer }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const [order, setOrder] = useState<{ column: Column; direction: Direction }>({
    column: 'people',
    direction: 'descending',
  });
  const byName = (a: MemberAnswer, b: MemberAnswer) =>
    format.compare(format.country(a.country), format.country(b.country)) || format.compare(a.name, b.name);
  const members = sortMembers(answer.members, order.column, order.direction, byName);
  const largest = Math.max(1, ...members.map(({ people }) => (people?.kind === 'shown' ? people.value : 0)));
  const showsNumber = members.some(({ people }) => people !== undefined);
  const exists = members.some((member) => member.exists !== undefined) ? answer.total.exists : undefined;
  const headers: readonly Column[] = ['country', 'state', 'people', 'elapsed'];
  return (
    <table className="table country-table">
      <caption>{t('table.caption')}</caption>
      <thead>
        <tr>
          {headers.map((column) => (
            <SortHeader
              key={column}
              label={t(`table.${column}`)}
              isNumber={column === 'people' || column === 'elapsed'}
              isWideOnly={column === 'elapsed'}
              direction={order.column === column ? order.direction : undefined}
              onSort={(direction) => setOrder({ column, direction })}
            />
          ))}
        </tr>
      </thead>
      <tbody>
        {members.map((member) => (
          <MemberRow key={member.id} member={member} largest={largest} />
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colSpan={2}>
            {t('table.total')}
          </th>
          <td className="number" data-total={showsNumber ? countAttribute(answer.total.people) : undefined}>
            {showsNumber ? format.disclosed(answer.total.people) : <NoNumber exists={exists} />}
          </td>
          <td className="number not-narrow">{format.duration(answer.elapsedMs)}</td>
        </tr>
      </tfoot>
    </table>
  );
}

function MemberRow({
  member,
  largest,
}: {
  readonly member: MemberAnswer;
  readonly largest: number;
}): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { people, state, reason } = member;
  return (
    <tr
      data-country={member.country}
      data-member={member.id}
      data-state={state}
      data-count={countAttribute(people)}
    >
      <th scope="row">
        {format.country(member.country)}
        {member.name !== format.country(member.country) && <span className="row-note">{member.name}</span>}
      </th>
      <td>
        <span className="state" data-state={state}>
          <Icon name={state} /> {t(`state.${state}`)}
        </span>
        <span className="row-note narrow-only">{format.duration(member.elapsedMs)}</span>
        {reason !== undefined && state !== 'answered' && <span className="row-note">{reason.message}</span>}
      </td>
      <td className="number">
        {people !== undefined && <span className="people">{format.disclosed(people)}</span>}
        {people?.kind === 'shown' && (
          <span className="bar" style={{ inlineSize: `${(100 * people.value) / largest}%` }} />
        )}
        {people?.kind === 'suppressed' && (
          <span className="row-note">{t('table.hidden', { below: people.below })}</span>
        )}
        {people === undefined && <NoNumber exists={member.exists} />}
      </td>
      <td className="number not-narrow">{format.duration(member.elapsedMs)}</td>
    </tr>
  );
}

function NoNumber({ exists }: { readonly exists: boolean | undefined }): ReactNode {
  const { t } = useTranslation();
  if (exists === undefined) return <span className="quiet">{t('table.notGiven')}</span>;
  return t(exists ? 'table.yes' : 'table.no');
}
