import type { IncomingMessage } from 'node:http'
import type { Viewer } from '#server/lib/viewer.ts'

/** Shows a problem as a page. */
export type ProblemPage = (shown: {
  status: number
  title: string
  detail: string | undefined
  code: string
  viewer: Viewer
  requestId: string
  request: IncomingMessage
  origin: string
  formToken(): string
}) => Promise<string>

/** Where no feature brings a page of its own: the bare words. */
export const plainProblemPage: ProblemPage = async ({ status, title, detail, viewer, requestId }) =>
  `<!doctype html><html lang="${viewer.language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title>` +
  `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(detail ?? '')}</p><p><small>${status} · ${escapeHtml(requestId)}</small></p></html>`

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign)
}
