import type { FastifyInstance } from 'fastify'
import { type Logger, pino } from 'pino'
import { buildDirectory } from './app/directory.ts'
import { buildOutages } from './app/outages.ts'
import type { Clock, Store } from './app/ports.ts'
import { type Delivery, startDelivery } from './app/deliver.ts'
import { startUpkeep, type Upkeep } from './app/upkeep.ts'
import { startWatch, type Watch } from './app/watch.ts'
import { deliver } from './channels/index.ts'
import type { Config } from './config.ts'
import { findDashboard } from './http/routes/dashboard.ts'
import { buildRedaction } from './domain/redaction.ts'
import { toPingHostPattern } from './domain/redaction-patterns.ts'
import { buildServer } from './http/server.ts'
import type { SmtpContext, SmtpLog } from './smtp/context.ts'
import type { SmtpListener } from './smtp/smtp-listener.ts'
import { openPatiently } from './storage/open-patiently.ts'

/**
 * A server with its store, ready to listen. `mail` is what takes mails, where the settings say so. `watch` starts judging
 * what becomes due, telling what changed and removing what is kept no longer; `close` ends that, lets mails and requests
 * that are under way end, then closes the store.
 */
export type Composed = {
  app: FastifyInstance
  mail: SmtpListener | null
  store: Store
  /** False where none was built. */
  hasDashboard: boolean
  watch: () => void
  close: () => Promise<void>
}

/**
 * Builds the real thing from the settings: store, directory, clock, log and server. The log goes to standard error;
 * standard output is for what people and programs asked for.
 */
export async function compose(config: Config, clock: Clock = Date.now): Promise<Composed> {
  const logger = pino(
    { level: config.logLevel, redact: ['req.headers.authorization', 'req.headers["x-api-key"]'] },
    pino.destination(2),
  )
  const store = await openPatiently(config.database, {
    connections: config.databaseConnections,
    timeoutMs: config.databaseTimeoutMs,
    prepared: config.databasePrepared,
    ...(config.databaseReadUrl !== null && { readUrl: config.databaseReadUrl }),
    onReplica: buildReplicaLog(logger, clock),
    onWait: (error, pauseMs) =>
      logger.warn({ err: error, pauseMs }, 'the database is away; it is tried again for a minute'),
    onIdleError: error => logger.warn({ err: error }, 'a connection to the database ended'),
  })
  try {
    const directory = buildDirectory(store, config.catchUpMs)
    const isNews = buildOutages(clock)
    let watching: Watch | undefined
    let delivering: Delivery | undefined
    let upkeep: Upkeep | undefined
    const redact = buildRedaction([
      ...config.redact,
      ...(config.pingHost === null ? [] : [toPingHostPattern(config.pingHost)]),
    ])
    const dashboard = findDashboard()
    const app = await buildServer({ store, directory, clock, settings: config, redact, dashboard }, logger)
    const mail = config.smtp && (await buildMail({ store, directory, clock, settings: config.smtp, redact }, logger))
    return {
      app,
      mail,
      store,
      hasDashboard: dashboard !== null,
      watch: () => {
        watching ??= startWatch(store, clock, config.catchUpMs, {
          onAbsence: absence => logger.info(absence, 'no server was awake: nothing of that time counts as missed yet'),
          onJudged: found => logger.debug(found, 'judged'),
          onError: error => {
            if (isNews(error)) logger.error({ err: error }, 'judging failed; it is tried again every second')
          },
        })
        delivering ??= startDelivery(store, deliver, clock, {
          onFailure: ({ id, name }, failure) => logger.warn({ channel: id, name, failure }, 'a message did not arrive'),
          onError: error => {
            if (isNews(error)) logger.error({ err: error }, 'telling changes failed; it is tried again every second')
          },
        })
        upkeep ??= startUpkeep(store, clock, {
          kept: config,
          events: {
            onPartitions: changed => logger.info(changed, 'the months that runs are stored by were brought up to date'),
            onRemoved: gone => logger.info(gone, 'what is kept no longer was removed'),
            onError: error => {
              if (isNews(error)) logger.warn({ err: error }, 'upkeep failed; it is tried again in an hour')
            },
          },
        })
      },
      close: async () => {
        await Promise.all([watching?.stop(), delivering?.stop(), upkeep?.stop()])
        await mail?.close()
        await app.close()
        await store.close()
      },
    }
  } catch (error) {
    await store.close()
    throw error
  }
}

/** What reads mails brings a good deal of code along: it is loaded only where mails are taken. */
async function buildMail(context: SmtpContext, logger: SmtpLog): Promise<SmtpListener> {
  const { buildSmtpListener } = await import('./smtp/smtp-listener.ts')
  return buildSmtpListener(context, logger)
}

/** Says once that reports are not read from the standby, and once that they are again. */
function buildReplicaLog(logger: Logger, clock: Clock): (failure: unknown) => void {
  const isNews = buildOutages(clock)
  return failure => {
    if (failure === undefined) logger.info('reports are read from the standby')
    else if (isNews(failure))
      logger.warn({ err: failure }, 'the standby is not used: reports are read from the primary')
  }
}
