import { ROLES, type Role } from '@federome/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Refusal } from '../account/Refusal.tsx';
import { callApi } from '../session/session.ts';
import { SESSION_KEY } from '../session/use-session.ts';
import { fetchPeople, type KnownPerson } from './people.ts';

/** Who is known here and with which roles; an operator grants and withdraws them. */
export default function PeoplePage(): ReactNode {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const people = useQuery({ queryKey: ['people'], queryFn: fetchPeople });
  const change = useMutation({
    mutationFn: ({ person, role, method }: Change) =>
      callApi(method, `/api/people/${person.id}/roles/${role}`),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['people'] });
      await queries.invalidateQueries({ queryKey: SESSION_KEY });
    },
  });
  return (
    <section className="office" aria-labelledby="page-title">
      <h1 id="page-title" ref={heading} tabIndex={-1}>
        {t('people.title')}
      </h1>
      <p className="lead">{t('people.lead')}</p>
      <Refusal error={change.error ?? people.error} />
      <table className="office-table">
        <thead>
          <tr>
            <th scope="col">{t('people.person')}</th>
            <th scope="col">{t('account.provider')}</th>
            <th scope="col">{t('account.roles')}</th>
            <th scope="col">{t('people.grant')}</th>
          </tr>
        </thead>
        <tbody>
          {(people.data ?? []).map((person) => (
            <PersonRow key={person.id} person={person} onChange={change.mutate} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface Change {
  readonly person: KnownPerson;
  readonly role: Role;
  readonly method: 'PUT' | 'DELETE';
}

interface PersonRowProps {
  readonly person: KnownPerson;
  readonly onChange: (change: Change) => void;
}

function PersonRow({ person, onChange }: PersonRowProps): ReactNode {
  const { t } = useTranslation();
  const [role, setRole] = useState<Role | ''>('');
  const name = person.name ?? person.subject;
  const missing = ROLES.filter((each) => !person.roles.includes(each));
  return (
    <tr data-person={person.subject}>
      <th scope="row">{name}</th>
      <td>{person.issuer}</td>
      <td>
        <ul className="role-list">
          {person.roles.map((held) => (
            <li key={held}>
              {t(`role.${held}`)}
              <Withdraw
                label={t('people.withdrawFrom', { role: t(`role.${held}`), name })}
                onConfirm={() => onChange({ person, role: held, method: 'DELETE' })}
              />
            </li>
          ))}
        </ul>
      </td>
      <td>
        <div className="office-row">
          <select
            className="input"
            aria-label={t('people.roleFor', { name })}
            value={role}
            onChange={({ target }) => setRole(ROLES.find((each) => each === target.value) ?? '')}
          >
            <option value="">{t('people.choose')}</option>
            {missing.map((each) => (
              <option key={each} value={each}>
                {t(`role.${each}`)}
              </option>
            ))}
          </select>
          <button
            type="button"
            className="button-quiet"
            disabled={role === ''}
            onClick={() => {
              if (role !== '') onChange({ person, role, method: 'PUT' });
              setRole('');
            }}
          >
            {t('people.grant')}
            <span className="visually-hidden"> {name}</span>
          </button>
        </div>
      </td>
    </tr>
  );
}

/** Takes a second press, on another button, so that no slip of a finger takes a role away. */
function Withdraw({
  label,
  onConfirm,
}: {
  readonly label: string;
  readonly onConfirm: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const [asks, setAsks] = useState(false);
  const confirm = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (asks) confirm.current?.focus();
  }, [asks]);
  if (!asks) {
    return (
      <button type="button" className="button-link" aria-label={label} onClick={() => setAsks(true)}>
        {t('people.withdraw')}
      </button>
    );
  }
  return (
    <span className="office-row">
      <button ref={confirm} type="button" className="button-quiet" aria-label={label} onClick={onConfirm}>
        {t('people.confirm')}
      </button>
      <button type="button" className="button-quiet" onClick={() => setAsks(false)}>
        {t('people.keep')}
      </button>
    </span>
  );
}
