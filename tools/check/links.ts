import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { listFiles } from './source-tree.ts'
import type { Outcome, Step } from './step.ts'

export const linksStep: Step = { name: 'links', look: checkLinks }

/** Links within the house lead somewhere, their headings included, and so do the paths that pages name in `code`. */
export function checkLinks(root: string): Outcome {
  const pages = listFiles(root, ['.md'])
  const links = pages.flatMap((page) => linksOf(root, page))
  return {
    complaints: links.filter((link) => !link.leads).map((link) => `${link.where}: ${link.to} leads nowhere`),
    note: `${links.length} in ${pages.length} pages`,
  }
}

type Link = { where: string; to: string; leads: boolean }

function linksOf(root: string, page: string): Link[] {
  const text = readFileSync(join(root, page), 'utf8').replaceAll(/^```[\s\S]*?^```$/gm, (block) => block.replaceAll(/[^\n]/g, ' '))
  const where = (at: number) => `${page}:${text.slice(0, at).split('\n').length}`
  const links = Array.from(text.matchAll(/\]\(([^)\s]+)\)|<img[^>]*\ssrc="([^"]+)"/g), (match) => ({
    to: match[1] ?? match[2] ?? '',
    at: match.index,
  }))
  const named = Array.from(
    text.matchAll(/`((?:server|shared|uploader|web|tests|tools|docs|deploy|examples|scripts)\/[a-z0-9._/-]+)`/g),
    (match) => ({
      to: match[1] ?? '',
      at: match.index,
    }),
  )
  return [
    ...links.filter(({ to }) => !/^[a-z]+:/.test(to)).map(({ to, at }) => ({ where: where(at), to, leads: leads(root, page, to) })),
    ...named.map(({ to, at }) => ({ where: where(at), to, leads: existsSync(join(root, to)) })),
  ]
}

function leads(root: string, page: string, to: string): boolean {
  const [path = '', heading] = to.split('#')
  const target = path === '' ? page : normalize(join(dirname(page), decodeURIComponent(path)))
  if (target.startsWith('..') || !existsSync(join(root, target))) return false
  return heading === undefined || !target.endsWith('.md') || headingsOf(readFileSync(join(root, target), 'utf8')).includes(heading)
}

/** As forges make anchors: lower case, without punctuation, spaces as hyphens. */
function headingsOf(text: string): string[] {
  return Array.from(text.matchAll(/^#+ +(.+)$/gm), ([, title = '']) =>
    title
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{Letter}\p{Number}\s_-]/gu, '')
      .replaceAll(/\s/g, '-'),
  )
}
