// @ts-check
/** The phone's environment: the server's, and where the server is. */

/**
 * The server on this machine is reached over loopback. With TLS on, its certificate names no loopback address and may
 * be self-signed: the phone, and no other child, is told to trust that one certificate.
 *
 * @param {Record<string, string | undefined>} env the server's
 * @returns {Record<string, string | undefined>}
 */
export function phoneEnv(env) {
  if (env.HOTLINE_URL) return env
  const HOTLINE_URL = `${env.TLS_CERT_FILE ? 'https' : 'http'}://127.0.0.1:${env.PORT || 8080}`
  return { ...env, HOTLINE_URL, HOTLINE_CERT_FILE: env.HOTLINE_CERT_FILE || env.TLS_CERT_FILE }
}
