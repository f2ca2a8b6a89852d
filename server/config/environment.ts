/** The variables of the process, for whoever starts the program. Nobody else reads them. */
export const environment: Readonly<Record<string, string | undefined>> = process.env
