import { useTranslations } from 'use-intl'
import { notices } from '#web/features/notices/api.ts'
import { NoticeList } from '#web/features/notices/notice-list.tsx'
import { useHead } from '#web/lib/head.ts'
import type { Page } from '#web/lib/page.ts'

export const page: Page = { View: Notices, extras: () => [notices] }

function Notices() {
  const t = useTranslations('notices')
  useHead({ title: t('title'), isHidden: true })
  return <NoticeList />
}
