import type { PageRenderer } from '#shared/page.ts'
import type { CallApi } from './caller.ts'
import { fileRoutes } from './file-routes.ts'
import { formRoutes } from './form-routes.ts'
import { type Framing, pageRoutes } from './page-routes.ts'
import { createShow, createShowProblem } from './show.ts'
import type { WebFiles } from './web-files.ts'

export type { CallApi } from './caller.ts'
export type { Framing } from './page-routes.ts'
export { openWebBuild } from './web-build.ts'

/**
 * Pages for people, rendered here so that they can be read without script and seen in link previews; the files of the web app; and the forms
 * that work without script. All that pages show and forms do goes through the API, in the name of whoever asks: there is one set of rules.
 */
export function createSite(parts: { renderer: PageRenderer; files: WebFiles; callApi: CallApi; framing: Framing }) {
  const { renderer, callApi, framing } = parts
  const show = createShow({ renderer, callApi })
  return {
    /** What the frame of HTTP shows where a page ends in a problem, or an address leads nowhere. */
    problemPage: createShowProblem({ renderer, callApi }),
    doors: {
      routes: [
        ...pageRoutes({ patterns: renderer.patterns, show, framing }),
        ...formRoutes({ show, callApi }),
        ...fileRoutes({ files: parts.files, callApi }),
      ],
    },
  }
}

export type Site = ReturnType<typeof createSite>
