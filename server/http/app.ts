/** The express application: headers, body limits, then the doors, each group in its own file. */
import express, { type Express } from 'express'
import helmet from 'helmet'
import { Problem } from '../../contract/problem.ts'
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import { refuse } from './doors.ts'
import { keepRawBody } from './raw-body.ts'

const bodyLimit = '128kb'

export function newApp(config: Config): Express {
  const app = express()
  const embedders = ["'self'", ...config.EMBED_ORIGINS].join(' ')
  app.set('trust proxy', config.TRUST_PROXY ? 1 : false)
  app.set('query parser', 'simple')
  app.disable('x-powered-by')
  app.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'self'"],
          scriptSrc: ["'self'"],
          // Element Plus places its pop-ups with style attributes.
          styleSrc: ["'self'", "'unsafe-inline'"],
          imgSrc: ["'self'", 'data:'],
          mediaSrc: ["'self'", 'blob:'], // a question that was spoken for the desk, once a reason is given
          fontSrc: ["'self'", 'data:'],
          connectSrc: ["'self'"],
          objectSrc: ["'none'"],
          baseUri: ["'none'"],
          formAction: ["'self'"],
          // The chat window is there to be embedded; whatever else would be, would be clicked through.
          frameAncestors: [({ url }) => (url?.startsWith('/widget/') ? embedders : "'none'")],
        },
      },
      // The widget's loader is there to be embedded by the bureau's other sites.
      crossOriginResourcePolicy: { policy: 'cross-origin' },
      crossOriginEmbedderPolicy: false,
      strictTransportSecurity: config.isHttps,
      // frame-ancestors says the same, with the bureau's other sites in it.
      frameguard: false,
    }),
  )
  app.use(express.json({ limit: bodyLimit, strict: false, verify: keepRawBody }))
  return app
}

/** After every door: what nobody opened, and what went wrong. */
export function finishApp(app: Express, log: Log): void {
  app.use((_req, _res, next) => next(new Problem('not_found', 'no such door')))
  app.use(refuse(log))
}
