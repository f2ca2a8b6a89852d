import { raw } from '../schema/step.ts'
import type { Migration } from './migration.ts'

/** See server/database/said.ts. It follows from the texts of films, and is made anew from them wherever it is missing. */
export const migration: Migration = {
  name: '0043-said',
  steps: [
    raw('What is said in films, some lines a row, to be sought by words.', {
      sqlite: [
        'create table said (id integer primary key, video_id text not null, at_ms integer not null, cues text not null) strict',
        'create index said_video_id on said (video_id)',
        "create virtual table said_index using fts5(tokens, content='', contentless_delete=1, tokenize='ascii')",
      ],
      mysql: [
        `create table said (id bigint not null primary key, video_id varchar(20) not null, at_ms bigint not null, cues mediumtext not null,
          tokens mediumtext character set ascii collate ascii_bin not null, key said_video_id (video_id), fulltext key said_tokens (tokens))
          engine = innodb default character set utf8mb4 collate utf8mb4_bin`,
      ],
    }),
  ],
}
