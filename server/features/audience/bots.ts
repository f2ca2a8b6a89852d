const words =
  /bot\b|bot[/;]|crawl|spider|slurp|preview|fetch|curl|wget|python|java\/|go-http|okhttp|headless|phantom|scrap|monitor|archiv|facebookexternalhit|embed|validator|lighthouse/i

/** Programs that look at pages say so, or say nothing; browsers always say what they are. */
export function isBot(agent: string | undefined): boolean {
  return agent === undefined || agent.length < 12 || words.test(agent)
}
