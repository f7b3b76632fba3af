// A gateway as one builds it in Node: fastify, its proxy and its rate limit, with our duties. An
// access token is verified once and remembered for a minute; every request is counted and has an id.
import { createPublicKey, randomUUID, verify } from 'node:crypto'

import proxy from '@fastify/http-proxy'
import rateLimit from '@fastify/rate-limit'
import Fastify from 'fastify'

const { PORT, UPSTREAM, JWKS, ISSUER, AUDIENCE, RATE_LIMIT } = process.env
const REMEMBERED_FOR = 60_000 // milliseconds
const REQUEST_ID = /^[A-Za-z0-9._-]{8,64}$/

const keys = new Map(
  JSON.parse(JWKS).keys.map((jwk) => [jwk.kid, createPublicKey({ key: jwk, format: 'jwk' })]),
)
const remembered = new Map()

function decoded(part) {
  return JSON.parse(Buffer.from(part, 'base64url').toString())
}

function verified(token) {
  const [head, payload, signature] = token.split('.')
  const header = decoded(head)
  const key = keys.get(header.kid)
  if (header.alg !== 'ES256' || header.typ !== 'at+jwt' || key === undefined) return null
  const signed = Buffer.from(`${head}.${payload}`)
  const given = Buffer.from(signature, 'base64url')
  if (!verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, given)) return null
  const claims = decoded(payload)
  const meant = claims.iss === ISSUER && [claims.aud].flat().includes(AUDIENCE)
  return meant && claims.exp * 1000 > Date.now() ? claims : null
}

function caller(authorization) {
  if (!authorization?.startsWith('Bearer ')) return null
  const token = authorization.slice(7)
  const known = remembered.get(token)
  if (known !== undefined && known.until > Date.now()) return known.caller
  let claims = null
  try {
    claims = verified(token)
  } catch {
    return null
  }
  if (claims === null) return null
  if (remembered.size >= 10_000) remembered.clear()
  const until = Math.min(Date.now() + REMEMBERED_FOR, claims.exp * 1000)
  remembered.set(token, { until, caller: `${claims.client_id}/${claims.sub}` })
  return remembered.get(token).caller
}

const app = Fastify({
  logger: false,
  genReqId: ({ headers }) =>
    REQUEST_ID.test(headers['x-request-id'] ?? '') ? headers['x-request-id'] : randomUUID(),
})

app.decorateRequest('caller', null)
app.addHook('onRequest', async (request, reply) => {
  request.caller = caller(request.headers.authorization)
  if (request.caller === null) return reply.code(401).send({ code: 'unauthenticated' })
  reply.header('x-request-id', request.id)
})
await app.register(rateLimit, {
  max: Number(RATE_LIMIT),
  timeWindow: 1000,
  keyGenerator: (request) => request.caller,
})
await app.register(proxy, {
  upstream: UPSTREAM,
  prefix: '/api/v1',
  rewritePrefix: '/api/v1',
  replyOptions: {
    rewriteRequestHeaders: (request, headers) => ({
      ...headers,
      'x-request-id': request.id,
      'x-forwarded-for': request.ip,
      'x-forwarded-proto': request.protocol,
      'x-forwarded-host': request.host,
    }),
  },
})
await app.listen({ host: '127.0.0.1', port: Number(PORT) })
