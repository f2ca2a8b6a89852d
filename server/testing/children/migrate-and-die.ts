import { migrations } from '#server/database/migrations/index.ts'
import { migrate } from '#server/database/migrations/migrate.ts'
import { openSqliteMigrations } from '#server/adapters/database/sqlite/sqlite-migrations.ts'

// node migrate-and-die.ts PATH N: migrates, and kills itself at the Nth pause.
const [path = '', at = ''] = process.argv.slice(2)
using engine = openSqliteMigrations(path)
let count = 0
const pause = () => {
  if (count++ === Number(at)) process.kill(process.pid, 'SIGKILL')
}
await migrate(engine, { migrations, pause })
