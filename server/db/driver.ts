/**
 * How kysely reaches PostgreSQL. A statement that comes again and again is prepared, once a connection: the database
 * reads it once, and keeps its plan where that pays.
 *
 * Invariant: a connection whose prepared statements fit its tables no longer, because another process has migrated
 * meanwhile or a pooler has given it another server, is not used again.
 */
import {
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  type TransactionSettings,
} from 'kysely'
import pg from 'pg'

/** Seen so often, a statement is prepared; each costs memory in every connection, so there are only so many. */
const preparedAfter = 5
const mostPrepared = 200
const mostCounted = 2_000
/** feature_not_supported: "cached plan must not change result type"; invalid_sql_statement_name. */
const outdatedCodes: readonly unknown[] = ['0A000', '26000']
/** Which index is meant by a conflict's condition is found by its values, and a kept plan knows none. */
const needsValues = /on conflict \([^)]*\) where (?:(?! do ).)*\$\d/
const writing = ['INSERT', 'UPDATE', 'DELETE', 'MERGE']

export function preparingDialect(pool: pg.Pool): Dialect {
  return {
    createDriver: () => driver(pool),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  }
}

function driver(pool: pg.Pool): Driver {
  const clients = new WeakMap<DatabaseConnection, { client: pg.PoolClient; isOutdated: boolean }>()
  const nameOf = statementNames()

  function connectionOf(client: pg.PoolClient): DatabaseConnection {
    const connection: DatabaseConnection = {
      async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
        const values = [...parameters]
        const name = values.length > 0 ? nameOf(sql) : undefined
        try {
          const told = await client.query<R & pg.QueryResultRow>({ text: sql, values, ...(name && { name }) })
          return {
            rows: told.rows,
            ...(writing.includes(told.command) && { numAffectedRows: BigInt(told.rowCount ?? 0) }),
          }
        } catch (error) {
          const held = clients.get(connection)
          if (held && error instanceof pg.DatabaseError && outdatedCodes.includes(error.code)) held.isOutdated = true
          throw error
        }
      },
      streamQuery: () => {
        throw new Error('no statement here is streamed')
      },
    }
    clients.set(connection, { client, isOutdated: false })
    return connection
  }

  const run = (connection: DatabaseConnection, text: string) => clients.get(connection)?.client.query(text)

  return {
    init: () => Promise.resolve(),
    acquireConnection: async () => connectionOf(await pool.connect()),
    async beginTransaction(connection, { isolationLevel, accessMode }: TransactionSettings) {
      const level = isolationLevel ? ` isolation level ${isolationLevel}` : ''
      await run(connection, `begin${level}${accessMode ? ` ${accessMode}` : ''}`)
    },
    commitTransaction: async (connection) => void (await run(connection, 'commit')),
    rollbackTransaction: async (connection) => void (await run(connection, 'rollback')),
    releaseConnection(connection) {
      const held = clients.get(connection)
      held?.client.release(held.isOutdated)
      return Promise.resolve()
    },
    destroy: () => pool.end(),
  }
}

/** @returns the name under which a statement is prepared; nothing for one that is not. */
function statementNames(): (text: string) => string | undefined {
  const counts = new Map<string, number>()
  const names = new Map<string, string>()
  return (text) => {
    const name = names.get(text)
    if (name || names.size >= mostPrepared || needsValues.test(text)) return name
    const count = (counts.get(text) ?? 0) + 1
    if (counts.size >= mostCounted) counts.clear()
    counts.set(text, count)
    if (count <= preparedAfter) return undefined
    const given = `s${names.size + 1}`
    names.set(text, given)
    counts.delete(text)
    return given
  }
}
