import { useTranslations } from 'use-intl'
import { Link } from 'wouter'
import type { AdminPerson } from '#shared/api/admin.ts'
import { usePages } from '#web/lib/use-pages.ts'
import { Avatar } from '#web/ui/avatar.tsx'
import { Moment } from '#web/ui/moment.tsx'
import { Notice } from '#web/ui/notice.tsx'
import { Paged } from '#web/ui/paged.tsx'
import { type Column, Table } from '#web/ui/table.tsx'
import { people } from './api.ts'
import { Filter, FilterChoice, FilterWords } from '#web/ui/filter.tsx'
import { PersonActs } from './person-acts.tsx'
import './people.css'

const roles = ['owner', 'admin', 'moderator', 'member'] as const
const states = ['active', 'waiting', 'suspended'] as const

export function PeopleList({ search }: { search: URLSearchParams }) {
  const t = useTranslations('admin.people')
  const pages = usePages(people(search))
  const columns = useColumns()
  const isFiltered = ['q', 'role', 'state'].some((name) => search.get(name))
  return (
    <>
      <Filter to="/admin/people" label={t('filter')}>
        <FilterWords name="q" label={t('name')} value={search.get('q')} />
        <FilterChoice
          name="role"
          label={t('role')}
          value={search.get('role')}
          all={t('anyRole')}
          options={roles.map((value) => ({ value, label: t(`roles.${value}`) }))}
        />
        <FilterChoice
          name="state"
          label={t('state')}
          value={search.get('state')}
          all={t('anyState')}
          options={states.map((value) => ({ value, label: t(`states.${value}`) }))}
        />
      </Filter>
      <Paged pages={pages} empty={<Notice title={t('emptyTitle')}>{isFiltered ? t('emptyFiltered') : t('empty')}</Notice>}>
        {(items) => <Table caption={t('title')} columns={columns} rows={items} keyOf={({ id }) => id} />}
      </Paged>
    </>
  )
}

function useColumns(): Column<AdminPerson>[] {
  const t = useTranslations('admin.people')
  return [
    { label: t('name'), isName: true, cell: (person) => <PersonName person={person} /> },
    { label: t('role'), cell: ({ role }) => t(`roles.${role}`) },
    { label: t('state'), cell: (person) => <PersonState person={person} /> },
    {
      label: t('seen'),
      cell: ({ lastSeenAt }) => (lastSeenAt === null ? t('never') : <Moment at={lastSeenAt} look="ago" />),
    },
    {
      label: t('since'),
      cell: ({ createdAt }) => <Moment at={createdAt} />,
    },
    { label: t('acts'), isActs: true, cell: (person) => (person.may.length > 0 ? <PersonActs person={person} /> : null) },
  ]
}

function PersonName({ person }: { person: AdminPerson }) {
  return (
    <Link className="person" href={`/@${encodeURIComponent(person.username)}`}>
      <Avatar person={person} />
      <span className="person-words">
        <span>{person.displayName}</span>
        <span className="person-username">@{person.username}</span>
      </span>
    </Link>
  )
}

function PersonState({ person: { state, suspension, note, invitedBy } }: { person: AdminPerson }) {
  const t = useTranslations('admin.people')
  return (
    <span className="person-state">
      <span className={`person-${state}`}>{t(`states.${state}`)}</span>
      {suspension ? <span className="person-more">{suspension.reason}</span> : null}
      {state === 'waiting' && note ? <span className="person-more">{t('quoted', { note })}</span> : null}
      {invitedBy ? <span className="person-more">{t('invitedBy', { name: invitedBy.displayName })}</span> : null}
    </span>
  )
}
