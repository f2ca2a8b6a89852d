/** What the doctor says of one thing: fine, or what to do. */
export type Finding = { name: string; state: 'fine' | 'note' | 'wrong'; text: string }

export const fine = (name: string, text: string): Finding => ({ name, state: 'fine', text })
export const note = (name: string, text: string): Finding => ({ name, state: 'note', text })
export const wrong = (name: string, text: string): Finding => ({ name, state: 'wrong', text })
