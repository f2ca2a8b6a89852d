const marks = ["'", '"', '`', '\\', "\\'", '\u2019', '%27', "''", '\u00bf\u0027', '\u0000']
const tails = [
  ' or 1=1 -- ',
  ' or 1=1#',
  '; drop table film; -- ',
  ') or (1=1',
  ' union select id from film -- ',
  ' and sleep(3) -- ',
  '; update film set views = 0; -- ',
  " or id like '%' escape '!' -- ",
  '/**/or/**/1=1/**/',
  '||(select 1)||',
  " into outfile '/tmp/x' -- ",
  ' having 1=1 -- ',
  ' order by 100 -- ',
  ' limit 1 offset 0 -- ',
  '?',
  ':name',
  '@@version',
  '${1}',
  ' or true',
  ' is null or 1=1',
]

/** Two hundred texts that would do harm if one of them ever became part of a statement. */
export const hostileTexts: readonly string[] = marks.flatMap((mark) => tails.map((tail) => `a${mark}${tail}`))
